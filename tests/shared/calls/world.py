"""A small world in memory: one seller, one running campaign, money, room, and leads who may be rung."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from shared.adapters.memory import (
    MemoryCallRepository,
    MemoryCampaignRepository,
    MemoryCapacity,
    MemoryConsentRepository,
    MemoryCostRepository,
    MemoryLeadRepository,
    MemoryStore,
    MemorySuppressionRepository,
    MemoryTelephony,
)
from shared.calls import CallAttempt
from shared.calls.dial import Dialler
from shared.calls.dispatch import DispatchRound, dispatch_campaign
from shared.calls.facts import FactSource
from shared.calls.ports import Lease, ProviderEvent
from shared.campaigns import Campaign, CampaignState, Opening, Seller
from shared.campaigns.opening import opening_text
from shared.costs import Budget
from shared.kernel.ids import AttemptId, BudgetId, CampaignId, ConsentId, LeadId, SellerId
from shared.kernel.money import Money
from shared.leads import Channel, Consent, Lead, LeadStatus

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


@dataclass
class World:
    """Every twin over one store. ``telephony`` may be exchanged for one that fails."""

    campaign: Campaign = field(default_factory=make_campaign)
    limit: Money = field(default_factory=lambda: Money.usd("10"))
    lease: Lease = LEASE
    worst_case: Money = field(default_factory=lambda: Money.usd("0.15"))
    telephony: MemoryTelephony = field(default_factory=MemoryTelephony)

    def __post_init__(self) -> None:
        self.store = MemoryStore()
        self.leads = MemoryLeadRepository(self.store)
        self.consents = MemoryConsentRepository(self.store)
        self.suppressions = MemorySuppressionRepository(self.store)
        self.campaigns = MemoryCampaignRepository(self.store)
        self.calls = MemoryCallRepository(self.store)
        self.costs = MemoryCostRepository(self.store)
        self.capacity = MemoryCapacity(self.lease)
        self.campaigns.add_seller(SELLER)
        self.campaigns.save(self.campaign)
        self.costs.add_budget(Budget(id=self.campaign.budget_id, seller_id=SELLER.id, limit=self.limit))
        self._numbers = count(1)

    @property
    def sources(self) -> FactSource:
        """Where facts come from."""
        return FactSource(
            leads=self.leads,
            consents=self.consents,
            suppressions=self.suppressions,
            campaigns=self.campaigns,
            calls=self.calls,
            costs=self.costs,
            capacity=self.capacity,
            worst_case=lambda _campaign: self.worst_case,
        )

    @property
    def dialler(self) -> Dialler:
        """The facts and the telephone."""
        return Dialler(sources=self.sources, telephony=self.telephony)

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

    def attempt(self, name: str = "a1") -> CallAttempt:
        """An attempt as it stands."""
        return self.calls.get(AttemptId(name))

    def messages(self, topic: str) -> list[dict[str, Any]]:
        """The bodies of all messages of a topic, oldest first."""
        return [waiting.message.body for waiting in self.store.messages if waiting.message.topic == topic]

    def pending(self) -> Money:
        """The money that is held."""
        return self.costs.budget(self.campaign.budget_id).pending
