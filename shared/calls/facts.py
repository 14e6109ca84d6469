"""Everything the rules of permission look at, read once so that the decision itself is pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from shared.calls.attempt import CallAttempt
from shared.calls.ports import CallFacts, CallRepository, Capacity
from shared.campaigns import Campaign
from shared.campaigns.ports import CampaignRepository
from shared.costs import Budget
from shared.costs.ports import CostRepository
from shared.kernel.errors import NotFound
from shared.kernel.money import Money
from shared.leads import Consent, Lead, Suppression
from shared.leads.location import plausible_states, plausible_zones
from shared.leads.ports import ConsentRepository, LeadRepository, SuppressionRepository

LOOK_BACK = timedelta(hours=24)


class Moment(StrEnum):
    """When the question is asked: as a lead is claimed, right before the dial, as the person answers."""

    CLAIM = "claim"
    DIAL = "dial"
    ANSWER = "answer"


@dataclass(frozen=True, kw_only=True)
class PermissionFacts:
    """What is known of one lead. ``None``, or no zone at all, means unknown, and the unknown denies.

    ``calls`` and ``live_in_campaign`` leave out the attempt that asks. ``reserved`` is the money it already holds,
    ``holds_slot`` whether it already holds a worker's slot.
    """

    moment: Moment
    lead: Lead
    campaign: Campaign | None = None
    consents: tuple[Consent, ...] | None = None
    suppressions: tuple[Suppression, ...] | None = None
    zones: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    calls: CallFacts | None = None
    live_in_campaign: int | None = None
    budget: Budget | None = None
    worst_case: Money | None = None
    reserved: Money | None = None
    free_slots: int | None = None
    holds_slot: bool = False


class Pricing(Protocol):
    """What the longest call of a campaign can cost."""

    def __call__(self, campaign: Campaign, /) -> Money:
        """The price of a call that lasts to its time limit."""
        ...


@dataclass(frozen=True, kw_only=True)
class FactSource:
    """Where the facts come from, one repository each; an outage of any of them is an outage of dialling."""

    leads: LeadRepository
    consents: ConsentRepository
    suppressions: SuppressionRepository
    campaigns: CampaignRepository
    calls: CallRepository
    costs: CostRepository
    capacity: Capacity
    worst_case: Pricing

    def for_claim(self, lead: Lead, campaign: Campaign, *, free_slots: int, now: datetime) -> PermissionFacts:
        """What is known of a lead before an attempt exists.

        Raises:
            Unavailable: A source is away.
        """
        return self._facts(Moment.CLAIM, lead, campaign, now=now, free_slots=free_slots)

    def for_attempt(
        self, attempt: CallAttempt, moment: Moment, *, holds_slot: bool = False, now: datetime
    ) -> PermissionFacts:
        """What is known of the lead of an attempt that was planned.

        Raises:
            NotFound: The lead or the campaign is gone.
            Unavailable: A source is away.
        """
        return self._facts(
            moment,
            self.leads.get(attempt.lead_id),
            self.campaigns.get(attempt.campaign_id),
            now=now,
            attempt=attempt,
            holds_slot=holds_slot,
            free_slots=None if holds_slot else self.capacity.free(),
        )

    def _facts(
        self,
        moment: Moment,
        lead: Lead,
        campaign: Campaign,
        *,
        now: datetime,
        free_slots: int | None,
        attempt: CallAttempt | None = None,
        holds_slot: bool = False,
    ) -> PermissionFacts:
        own = attempt.id if attempt else None
        return PermissionFacts(
            moment=moment,
            lead=lead,
            campaign=campaign,
            consents=tuple(self.consents.of_phone(lead.phone)),
            suppressions=tuple(self.suppressions.of_phone(lead.phone)),
            zones=tuple(plausible_zones(lead)),
            states=tuple(plausible_states(lead)),
            calls=self.calls.facts(lead.phone, since=now - LOOK_BACK, apart_from=own),
            live_in_campaign=self.calls.live_in_campaign(campaign.id) - (1 if attempt else 0),
            budget=self._budget(campaign),
            worst_case=self.worst_case(campaign),
            reserved=self.costs.reservation(attempt.id).amount if attempt else None,
            free_slots=free_slots,
            holds_slot=holds_slot,
        )

    def _budget(self, campaign: Campaign) -> Budget | None:
        try:
            return self.costs.budget(campaign.budget_id)
        except NotFound:
            return None
