"""What is known of one lead when permission is asked: values alone, so that they can be kept and asked again."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.calls.ports import CallFacts
from shared.calls.stops import StopSwitch
from shared.campaigns import Campaign, CampaignState
from shared.campaigns.law import Law
from shared.campaigns.own_number import OwnNumber
from shared.costs import Budget
from shared.kernel.ids import CampaignId, LeadId, SellerId
from shared.kernel.local_time import LocalClock
from shared.kernel.money import Money
from shared.kernel.week import Week
from shared.leads import Consent, Lead, LeadStatus, Suppression
from shared.leads.number_check import NumberCheck
from shared.leads.number_plan import NumberPlan
from shared.leads.registry import Listing
from shared.leads.whereabouts import Whereabouts


class Moment(StrEnum):
    """When the question is asked: as a lead is claimed, right before the dial, as the person answers."""

    CLAIM = "claim"
    DIAL = "dial"
    ANSWER = "answer"


@dataclass(frozen=True, kw_only=True)
class LeadFacts:
    """What the rules look at of a lead."""

    id: LeadId
    seller_id: SellerId
    campaign_id: CampaignId | None
    phone: str
    status: LeadStatus
    hours: Week = ()
    promised_at: datetime | None = None
    zone_confirmed_at: datetime | None = None
    spoken_at: datetime | None = None

    @classmethod
    def of(cls, lead: Lead) -> "LeadFacts":
        """These facts of a lead."""
        return cls(**{name: getattr(lead, name) for name in cls.__dataclass_fields__})


@dataclass(frozen=True, kw_only=True)
class CampaignFacts:
    """What the rules look at of a campaign. ``seller_name`` is the registered one."""

    id: CampaignId
    seller_id: SellerId
    seller_name: str = ""
    state: CampaignState
    hours: Week = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    most_attempts: int
    most_per_day: int
    most_at_once: int

    @classmethod
    def of(cls, campaign: Campaign, *, seller_name: str) -> "CampaignFacts":
        """These facts of a campaign."""
        return cls(
            id=campaign.id,
            seller_id=campaign.seller_id,
            seller_name=seller_name,
            state=campaign.state,
            hours=campaign.plan.hours,
            starts_at=campaign.starts_at,
            ends_at=campaign.ends_at,
            most_attempts=campaign.cadence.max_attempts,
            most_per_day=campaign.cadence.max_per_day,
            most_at_once=campaign.max_concurrency,
        )


@dataclass(frozen=True, kw_only=True)
class PermissionFacts:
    """What is known of one lead. ``None``, or no clock at all, means unknown, and the unknown denies.

    ``law`` holds every rule row that applies and ``clocks`` the clock of every place the person may be in, with
    ``whereabouts`` saying why, so that nothing outside is asked. ``check`` is ``None`` when the number was never
    asked about. ``caller`` is the number of ours that the person would see and ``caller_dials`` how often it dialled
    in 24 hours. ``calls``, ``campaign_attempts`` (those that count for the cadence) and ``live_in_campaign`` leave
    out the attempt that asks; ``reserved`` is the money it already holds, ``holds_slot`` whether it already holds a
    worker's slot.
    """

    moment: Moment
    lead: LeadFacts
    number: NumberPlan | None = None
    campaign: CampaignFacts | None = None
    consents: tuple[Consent, ...] | None = None
    suppressions: tuple[Suppression, ...] | None = None
    listings: tuple[Listing, ...] | None = None
    check: NumberCheck | None = None
    whereabouts: tuple[Whereabouts, ...] = ()
    law: Law | None = None
    clocks: tuple[LocalClock, ...] = ()
    calls: CallFacts | None = None
    campaign_attempts: int | None = None
    live_in_campaign: int | None = None
    caller: OwnNumber | None = None
    caller_dials: int | None = None
    stops: tuple[StopSwitch, ...] | None = None
    budgets: tuple[Budget, ...] | None = None
    worst_case: Money | None = None
    reserved: Money | None = None
    free_slots: int | None = None
    holds_slot: bool = False

    @property
    def states(self) -> tuple[str, ...]:
        """The states (two letters) whose law applies."""
        return self.law.states if self.law else ()

    @property
    def zones(self) -> tuple[str, ...]:
        """The zones (IANA) that the person may be in."""
        return tuple(clock.zone for clock in self.clocks)
