"""Composition root of the functions: the one place that knows every concrete class."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from threading import Lock

from redis import Redis
from sqlalchemy import Engine

from shared.adapters.redis.capacity import RedisCapacity
from shared.adapters.redis.connect import make_redis
from shared.adapters.redis.control import ControlSender
from shared.adapters.redis.live_feed import LiveFeedReader
from shared.adapters.twilio.telephony import TwilioTelephony
from shared.appointments.ports import AppointmentRepository
from shared.calls.answer import Gate
from shared.calls.facts import FactSource
from shared.calls.live import CallControl, LiveFeed
from shared.calls.ports import CallLookup, CallRepository, Capacity, Telephony
from shared.campaigns import Campaign
from shared.campaigns.ports import CampaignRepository
from shared.conversation.ports import ReportRepository
from shared.conversation.script import script_names
from shared.costs.ports import CostRepository
from shared.costs.price_table import PriceTable, price_table
from shared.costs.pricing import worst_case
from shared.kernel.clock import CivilClock, Clock
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.leads.ports import ConsentRepository, LeadRepository, SuppressionRepository
from shared.outcomes.close import Closing
from shared.settings import (
    ApiSettings,
    ClockSettings,
    DatabaseSettings,
    NodeSettings,
    RedisSettings,
    TwilioSettings,
    read,
)
from shared.storage.appointments import SqlAppointmentRepository
from shared.storage.calls import SqlCallRepository
from shared.storage.campaigns import SqlCampaignRepository
from shared.storage.consents import SqlConsentRepository
from shared.storage.costs import SqlCostRepository
from shared.storage.engine import make_engine
from shared.storage.leads import SqlLeadRepository
from shared.storage.reports import SqlReportRepository
from shared.storage.suppressions import SqlSuppressionRepository

_building = Lock()


@dataclass(frozen=True, kw_only=True, eq=False)
class Services:
    """What a handler may reach for. Typed by port, so that tests pass anything that fits.

    ``carrier_tokens`` are all that a callback may be signed with; ``public_base_url`` is our own address as the
    carrier writes it.
    """

    leads: LeadRepository
    consents: ConsentRepository
    suppressions: SuppressionRepository
    campaigns: CampaignRepository
    appointments: AppointmentRepository
    calls: CallRepository
    costs: CostRepository
    reports: ReportRepository
    capacity: Capacity
    telephony: Telephony
    lookup: CallLookup
    feed: LiveFeed
    control: CallControl
    prices: PriceTable
    scripts: Collection[str]
    carrier_tokens: tuple[str, ...]
    public_base_url: str
    call_token_secret: str
    api_key: str
    clock: Clock
    call_token_lifetime: timedelta = timedelta(seconds=60)
    new_id: Callable[[], str] = new_id

    @property
    def sources(self) -> FactSource:
        """Where the facts about leads come from."""
        return FactSource(
            leads=self.leads,
            consents=self.consents,
            suppressions=self.suppressions,
            campaigns=self.campaigns,
            calls=self.calls,
            costs=self.costs,
            capacity=self.capacity,
            worst_case=self.worst_case,
        )

    @property
    def gate(self) -> Gate:
        """The last gate before a conversation."""
        return Gate(sources=self.sources, token_secret=self.call_token_secret, token_lifetime=self.call_token_lifetime)

    @property
    def closing(self) -> Closing:
        """What closing a call reads and writes."""
        return Closing(
            calls=self.calls,
            leads=self.leads,
            campaigns=self.campaigns,
            reports=self.reports,
            suppressions=self.suppressions,
            consents=self.consents,
        )

    def worst_case(self, campaign: Campaign, /) -> Money:
        """What the longest call of a campaign can cost, by today's prices."""
        return worst_case(campaign.time_limit, self.prices, on=self.clock.now().date())


def services() -> Services:
    """Built once per process, on first use, never at import; on one machine several threads may ask first.

    Raises:
        BadSettings: The environment lacks something; one line says what.
    """
    with _building:
        return _built()


@cache
def _built() -> Services:
    database = read(DatabaseSettings)
    return compose(make_engine(database.url, pool_size=database.pool_size), make_redis(read(RedisSettings).url))


def compose(engine: Engine, redis: Redis) -> Services:
    """Everything over one database and one Redis, the rest from the environment.

    Raises:
        BadSettings: The environment lacks something; one line says what.
    """
    twilio, node = read(TwilioSettings), read(NodeSettings)
    telephony = TwilioTelephony(
        account_sid=twilio.account_sid,
        auth_token=twilio.auth_token.get_secret_value(),
        base_url=twilio.base_url,
        public_base_url=twilio.public_base_url,
    )
    return Services(
        leads=SqlLeadRepository(engine),
        consents=SqlConsentRepository(engine),
        suppressions=SqlSuppressionRepository(engine),
        campaigns=SqlCampaignRepository(engine),
        appointments=SqlAppointmentRepository(engine),
        calls=SqlCallRepository(engine),
        costs=SqlCostRepository(engine),
        reports=SqlReportRepository(engine),
        capacity=RedisCapacity(redis),
        telephony=telephony,
        lookup=telephony,
        feed=LiveFeedReader(redis),
        control=ControlSender(redis),
        prices=price_table(),
        scripts=script_names(),
        carrier_tokens=twilio.tokens,
        public_base_url=twilio.public_base_url,
        call_token_secret=node.call_token_secret.get_secret_value(),
        call_token_lifetime=node.call_token_lifetime,
        api_key=read(ApiSettings).key.get_secret_value(),
        clock=CivilClock(lambda: datetime.now(UTC), read(ClockSettings).civil_time),
    )
