"""What a handler may reach for, each thing by its port."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, timedelta, tzinfo

from shared.appointments.ports import AppointmentRepository
from shared.calls.dialler import Dialler
from shared.calls.facts import FactSource
from shared.calls.folding import CallFolds
from shared.calls.horizons import Horizons
from shared.calls.inbound import InboundBook, Reception
from shared.calls.invariants import Invariants
from shared.calls.live import CallControl, LiveFeed
from shared.calls.lookup import CallLookup
from shared.calls.pace import AccountBreaker, Pacer
from shared.calls.ports import CallRepository, Capacity, Telephony
from shared.calls.reap import Reaper, Strays
from shared.calls.reconcile import Reconciler
from shared.calls.record import LeadRecords
from shared.calls.recordings import KeptRecordings
from shared.calls.reopen import BlockedLeads, Reopening
from shared.calls.replay import PermissionRecords
from shared.calls.stops import StopSwitches
from shared.calls.tasks import TaskRepository
from shared.calls.voice_tokens import VoiceTokens
from shared.campaigns import Campaign
from shared.campaigns.own_number import OwnNumberRepository
from shared.campaigns.ports import CampaignCalls, CampaignRepository
from shared.campaigns.sign_off import SignOffRepository
from shared.campaigns.start import Starting
from shared.campaigns.watch import Watching
from shared.conversation.after.ports import AnalysisRepository
from shared.conversation.ports import ReportRepository
from shared.conversation.script_book import ScriptBook
from shared.costs.alert import AlertSink
from shared.costs.carrier_usage import CarrierBooks
from shared.costs.levels import Levels
from shared.costs.ports import AlertRepository, CostRepository
from shared.costs.price_table import PriceTable
from shared.costs.pricing import worst_case
from shared.costs.reconcile_usage import UsageBook
from shared.costs.settle import CallBooks
from shared.costs.true_up import DELAYS
from shared.kernel.clock import Clock
from shared.kernel.dead_letters import DeadLetters
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.leads.number_check import NumberCheckRepository, NumberLookup
from shared.leads.ports import ConsentRepository, LeadRepository, SuppressionRepository
from shared.leads.registry import RegistryRepository
from shared.light_settings import BadSettings
from shared.outcomes.close import Closing
from shared.reports.campaign_figures import CampaignBoard
from shared.reports.cost_report import CostReports
from shared.reports.readiness import CarrierAccount
from shared.reports.score_report import Scores

KEY, TOKEN_SECRET = "REAUTO_API_KEY", "CALL_TOKEN_SECRET"


def needed(name: str, secret: str) -> str:
    """A secret that this function cannot do without.

    Raises:
        BadSettings: It was not told the variable ``name``.
    """
    if not secret:
        raise BadSettings(f"{name}: field required")
    return secret


@dataclass(frozen=True, kw_only=True, eq=False)
class Services:
    """What a handler may reach for; ``call_token_secret`` and ``api_key`` are empty where it is not told them.

    ``account`` is ours at the carrier, ``carrier_tokens`` sign its callbacks, ``public_base_url`` is where it finds us.
    """

    leads: LeadRepository
    consents: ConsentRepository
    suppressions: SuppressionRepository
    registries: RegistryRepository
    number_checks: NumberCheckRepository
    number_lookup: NumberLookup
    sign_offs: SignOffRepository
    campaigns: CampaignRepository
    own_numbers: OwnNumberRepository
    campaign_calls: CampaignCalls
    board: CampaignBoard
    appointments: AppointmentRepository
    calls: CallRepository
    decisions: PermissionRecords
    blocked: BlockedLeads
    folds: CallFolds
    costs: CostRepository
    alerts: AlertRepository
    alert_sink: AlertSink
    usage_book: UsageBook
    carrier_books: CarrierBooks
    carrier_account: CarrierAccount
    cost_reports: CostReports
    reports: ReportRepository
    scores: Scores
    inbound: InboundBook
    tasks: TaskRepository
    capacity: Capacity
    stops: StopSwitches
    strays: Strays
    dead_letters: DeadLetters
    invariants: Invariants
    pacer: Pacer
    breaker: AccountBreaker
    account: str
    telephony: Telephony
    voice_tokens: VoiceTokens
    lookup: CallLookup
    feed: LiveFeed
    control: CallControl
    prices: PriceTable
    scripts: ScriptBook
    carrier_tokens: tuple[str, ...]
    public_base_url: str
    call_token_secret: str
    api_key: str
    clock: Clock
    records: LeadRecords | None = None
    recordings: KeptRecordings | None = None
    analyses: AnalysisRepository | None = None
    horizons: Horizons = field(default_factory=Horizons)
    new_id: Callable[[], str] = new_id
    levels: Levels = field(default_factory=Levels)
    true_up_delays: tuple[timedelta, ...] = DELAYS
    books_zone: tzinfo = UTC

    @property
    def starting(self) -> Starting:
        """What is asked before a campaign rings."""
        return Starting(
            campaigns=self.campaigns,
            costs=self.costs,
            own_numbers=self.own_numbers,
            registries=self.registries,
            prices=self.prices,
            scripts=self.scripts,
            levels=self.levels,
            shortest_call=self.horizons.shortest_call,
        )

    @property
    def watching(self) -> Watching:
        """What watching over campaigns needs."""
        return Watching(starting=self.starting, calls=self.campaign_calls)

    @property
    def sources(self) -> FactSource:
        """Where the facts about leads come from."""
        return FactSource(
            leads=self.leads,
            consents=self.consents,
            suppressions=self.suppressions,
            registries=self.registries,
            number_checks=self.number_checks,
            sign_offs=self.sign_offs,
            campaigns=self.campaigns,
            own_numbers=self.own_numbers,
            calls=self.calls,
            costs=self.costs,
            capacity=self.capacity,
            stops=self.stops,
            worst_case=self.worst_case,
            records=self.records,
            levels=self.levels,
            shortest_call=self.horizons.shortest_call,
        )

    @property
    def reopening(self) -> Reopening:
        """What letting blocked leads wait again needs."""
        return Reopening(blocked=self.blocked, campaigns=self.campaigns)

    @property
    def dialler(self) -> Dialler:
        """What dialling needs."""
        return Dialler(
            sources=self.sources,
            telephony=self.telephony,
            pacer=self.pacer,
            breaker=self.breaker,
            account=self.account,
            horizons=self.horizons,
            clock=self.clock,
        )

    @property
    def reconciler(self) -> Reconciler:
        """What reconciling needs."""
        return Reconciler(
            calls=self.calls,
            costs=self.costs,
            capacity=self.capacity,
            lookup=self.lookup,
            telephony=self.telephony,
            horizons=self.horizons,
        )

    @property
    def reception(self) -> Reception:
        """What taking a call that comes to us needs."""
        return Reception(
            book=self.inbound,
            numbers=self.own_numbers,
            campaigns=self.campaigns,
            costs=self.costs,
            capacity=self.capacity,
            telephony=self.telephony,
            worst_case=self.worst_case,
            token_secret=needed(TOKEN_SECRET, self.call_token_secret),
            horizons=self.horizons,
        )

    @property
    def call_books(self) -> CallBooks:
        """Where calls are booked."""
        return CallBooks(costs=self.costs, alerts=self.alerts)

    @property
    def reaper(self) -> Reaper:
        """What finding strays needs."""
        return Reaper(strays=self.strays, calls=self.calls, leads=self.leads, horizons=self.horizons)

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
            scores=self.scores,
            horizons=self.horizons,
        )

    def worst_case(self, campaign: Campaign, /) -> Money:
        """What the longest call of a campaign can cost, by today's prices."""
        return worst_case(campaign.time_limit, self.prices, on=self.clock.now().date())
