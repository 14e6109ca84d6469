"""A small world in memory: one seller, one running campaign, money, room, and leads who may be rung."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from shared.adapters.memory import (
    MemoryCallRepository,
    MemoryCampaignCalls,
    MemoryCampaignRepository,
    MemoryCapacity,
    MemoryConsentRepository,
    MemoryCostRepository,
    MemoryLeadRepository,
    MemoryOwnNumberRepository,
    MemoryStore,
    MemorySuppressionRepository,
    MemoryTelephony,
)
from shared.adapters.memory.pace import MemoryAccountBreaker, MemoryPacer
from shared.adapters.memory.registries import (
    MemoryNumberCheckRepository,
    MemoryRegistryRepository,
    MemorySignOffRepository,
)
from shared.adapters.memory.stops import MemoryStopSwitches
from shared.calls import CallAttempt
from shared.calls.dial import Dialler
from shared.calls.dispatch import DispatchRound, dispatch_campaign
from shared.calls.facts import FactSource
from shared.calls.ports import Lease, ProviderEvent
from shared.campaigns import Campaign, CampaignState, Opening, Seller
from shared.campaigns.number_pool import register_caller_id
from shared.campaigns.opening import opening_text
from shared.campaigns.time_limit import Pricing
from shared.costs import Budget
from shared.kernel.ids import AttemptId, BudgetId, CampaignId, ConsentId, LeadId, SellerId
from shared.kernel.money import Money
from shared.leads import Channel, Consent, Lead, LeadStatus
from shared.leads.registry import Registry, RegistryCopy, RegistryRepository

NOON = datetime(2026, 3, 10, 17, tzinfo=UTC)
"""A Tuesday, noon in Texas."""
NIGHT = datetime(2026, 3, 11, 4, tzinfo=UTC)
"""23:00 in Texas."""
SELLER = Seller(id=SellerId("seller-1"), registered_name="Hill Country Homes LLC", callback_number="+15125550000")
LEASE = Lease(worker="w1", epoch="e1", url="ws://127.0.0.1:9", slots=5, live=0, ready=True)


def make_campaign(**changes: Any) -> Campaign:
    """A running campaign."""
    campaign = Campaign(
        id=CampaignId("campaign-1"),
        seller_id=SELLER.id,
        name="Spring",
        script="seller_home_value",
        voice="en-us+f2",
        caller_id="+15125550000",
        budget_id=BudgetId("budget-1"),
        state=CampaignState.RUNNING,
        created_at=NOON,
    )
    return replace(campaign, **changes)


def make_lead(name: str = "ada", **changes: Any) -> Lead:
    """A lead in Texas who is due."""
    lead = Lead(
        id=LeadId(name),
        seller_id=SELLER.id,
        campaign_id=CampaignId("campaign-1"),
        phone="+15125550101",
        first_name=name.title(),
        timezone="America/Chicago",
        state="TX",
        status=LeadStatus.READY,
        next_attempt_at=NOON - timedelta(hours=1),
        created_at=NOON - timedelta(days=1),
    )
    return replace(lead, **changes)


def make_consent(lead: Lead, **changes: Any) -> Consent:
    """A standing consent of the lead."""
    consent = Consent(
        id=ConsentId(f"consent-{lead.id}"),
        seller_id=lead.seller_id,
        phone=lead.phone,
        channels=frozenset({Channel.AI_VOICE}),
        text="I agree to calls with an artificial voice from Hill Country Homes LLC.",
        method="web form",
        source_url="https://hillcountryhomes.example/form",
        obtained_at=NOON - timedelta(days=2),
    )
    return replace(consent, **changes)


def make_event(attempt_id: str, status: str, number: int = 0, sid: str = "CA1", **fields: str) -> ProviderEvent:
    """A status callback."""
    at = NOON + timedelta(seconds=number)
    payload = {
        "CallSid": sid,
        "CallStatus": status,
        "SequenceNumber": str(number),
        "Timestamp": at.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        **fields,
    }
    return ProviderEvent(
        attempt_id=AttemptId(attempt_id),
        kind="status",
        dedupe_key=f"status:{sid}:{status}:{number}",
        at=at + timedelta(milliseconds=300),
        payload=payload,
    )


def take_copy(registries: RegistryRepository, *listed: str, **changes: Any) -> RegistryCopy:
    """A copy of the national do-not-call registry, taken the day before, that covers every area code."""
    copy = RegistryCopy(
        id=str(UUID(int=1)),
        registry=Registry.NATIONAL,
        taken_on=NOON.date() - timedelta(days=1),
        account="10000001-22-22",
        begun_at=NOON - timedelta(days=1),
    )
    copy = replace(copy, **changes)
    registries.begin(copy)
    registries.add_numbers(copy.id, listed)
    return registries.finish(copy.id, at=copy.begun_at, is_empty=not listed)


@dataclass
class World:
    """Every twin over one store. ``telephony`` may be exchanged for one that fails; pace, breaker tell ``moment``.

    ``price`` tells the worst case by campaign, ``worst_case`` is one for all.
    """

    campaign: Campaign = field(default_factory=make_campaign)
    limit: Money = field(default_factory=lambda: Money.usd("10"))
    lease: Lease = LEASE
    worst_case: Money = field(default_factory=lambda: Money.usd("0.15"))
    price: Pricing | None = None
    telephony: MemoryTelephony = field(default_factory=MemoryTelephony)
    moment: datetime = NOON

    def __post_init__(self) -> None:
        self.store = MemoryStore()
        self.leads = MemoryLeadRepository(self.store)
        self.consents = MemoryConsentRepository(self.store)
        self.suppressions = MemorySuppressionRepository(self.store)
        self.registries = MemoryRegistryRepository(self.store)
        self.number_checks = MemoryNumberCheckRepository(self.store)
        self.sign_offs = MemorySignOffRepository(self.store)
        self.stops = MemoryStopSwitches(self.store)
        self.pacer = MemoryPacer(lambda: self.moment)
        self.breaker = MemoryAccountBreaker(lambda: self.moment)
        take_copy(self.registries)
        self.campaigns = MemoryCampaignRepository(self.store)
        self.own_numbers = MemoryOwnNumberRepository(self.store)
        self.campaign_calls = MemoryCampaignCalls(self.store)
        self.calls = MemoryCallRepository(self.store)
        self.costs = MemoryCostRepository(self.store)
        self.capacity = MemoryCapacity(self.lease)
        self.campaigns.add_seller(SELLER)
        self.campaigns.save(self.campaign)
        register_caller_id(self.campaign, self.own_numbers, now=NOON)
        self.costs.add_budget(Budget(id=self.campaign.budget_id, seller_id=SELLER.id, limit=self.limit))
        self._numbers = count(1)

    @property
    def sources(self) -> FactSource:
        """Where facts come from."""
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
            worst_case=self.price or (lambda _campaign: self.worst_case),
        )

    @property
    def dialler(self) -> Dialler:
        """The facts and the telephone."""
        return Dialler(
            sources=self.sources,
            telephony=self.telephony,
            pacer=self.pacer,
            breaker=self.breaker,
            account="AC1",
            scatter=lambda: 0.5,
        )

    def add(self, *leads: Lead, with_consent: bool = True) -> None:
        """Keep leads, with their consents."""
        self.leads.add(leads, [make_consent(lead) for lead in leads] if with_consent else [])

    def render_opening(self) -> None:
        """Put the opening where the campaign looks for it."""
        opening = Opening(
            campaign_id=self.campaign.id,
            voice=self.campaign.voice,
            text=opening_text(SELLER),
            audio=b"\xff" * 8000,
            rendered_at=NOON,
        )
        self.campaigns.save_opening(opening)

    def dispatch(self, now: datetime = NOON) -> DispatchRound:
        """One round of the campaign; attempts are called ``a1``, ``a2``, …."""
        return dispatch_campaign(
            self.campaign.id,
            sources=self.sources,
            now=now,
            new_attempt_id=lambda: AttemptId(f"a{next(self._numbers)}"),
        )

    def ring(self, name: str = "a1", *, sid: str = "CA" + "1".zfill(32)) -> CallAttempt:
        """A round of the campaign, and the first attempt of it dialled: its phone rings."""
        self.dispatch()
        self.calls.begin_dialing(
            AttemptId(name),
            worker=self.lease.worker,
            slot_epoch=self.lease.epoch,
            worker_url=self.lease.url,
            talk_until=NOON + timedelta(minutes=1),
            now=NOON,
        )
        return self.calls.bind(AttemptId(name), sid, now=NOON)

    def lead(self, name: str = "ada") -> Lead:
        """A lead as it stands."""
        return self.leads.get(LeadId(name))

    def attempt(self, name: str = "a1") -> CallAttempt:
        """An attempt as it stands."""
        return self.calls.get(AttemptId(name))

    def messages(self, topic: str) -> list[dict[str, Any]]:
        """The bodies of all messages of a topic, oldest first."""
        return [waiting.message.body for waiting in self.store.messages if waiting.message.topic == topic]

    def pending(self) -> Money:
        """The money that is held."""
        return self.costs.budget(self.campaign.budget_id).pending
