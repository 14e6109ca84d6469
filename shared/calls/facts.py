"""Everything the rules of permission look at, read once so that the decision itself is pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.calls.attempt import CallAttempt, Direction, Purpose
from shared.calls.known import CampaignFacts, LeadFacts, Moment, PermissionFacts
from shared.calls.ports import CallRepository, Capacity
from shared.calls.stops import StopSwitches
from shared.campaigns.time_limit import SHORTEST_CALL, Pricing, lasting, longest_call, shortest_of
from shared.campaigns import Campaign
from shared.campaigns.calling_hours import calling_hours
from shared.campaigns.law import Law
from shared.campaigns.own_number import OwnNumber, OwnNumberRepository, choose_caller_id
from shared.campaigns.ports import CampaignRepository
from shared.campaigns.sign_off import SignOffRepository
from shared.costs import Budget
from shared.costs.levels import Levels
from shared.costs.ports import CostRepository
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId
from shared.kernel.local_time import clock_of
from shared.kernel.money import Money
from shared.leads import Lead
from shared.leads.location import states_at, whereabouts_of, zones_at
from shared.leads.number_check import NumberCheckRepository
from shared.leads.number_plan import number_plan
from shared.leads.ports import ConsentRepository, LeadRepository, SuppressionRepository
from shared.leads.registry import RegistryRepository

__all__ = ["FactSource", "Moment", "PermissionFacts", "Pricing"]

LOOK_BACK = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class FactSource:
    """Where the facts come from, one repository each; an outage of any of them is an outage of dialling."""

    leads: LeadRepository
    consents: ConsentRepository
    suppressions: SuppressionRepository
    registries: RegistryRepository
    number_checks: NumberCheckRepository
    sign_offs: SignOffRepository
    campaigns: CampaignRepository
    own_numbers: OwnNumberRepository
    calls: CallRepository
    costs: CostRepository
    capacity: Capacity
    stops: StopSwitches
    worst_case: Pricing
    levels: Levels = field(default_factory=Levels)
    shortest_call: timedelta = SHORTEST_CALL

    def for_claim(
        self,
        lead: Lead,
        campaign: Campaign,
        *,
        free_slots: int,
        caller: OwnNumber | None = None,
        time_limit: timedelta | None = None,
        now: datetime,
    ) -> PermissionFacts:
        """What is known of a lead before an attempt exists.

        ``caller`` is the number of ours that would be shown; without one, the lead's among those of the seller.
        ``time_limit`` is how long the call would last at most; without one, as long as there is money for.

        Raises:
            Unavailable: A source is away.
        """
        caller = caller or self._caller(lead, campaign, now)
        return self._facts(
            Moment.CLAIM, lead, campaign, caller=caller, now=now, free_slots=free_slots, time_limit=time_limit
        )

    def for_attempt(
        self, attempt: CallAttempt, moment: Moment, *, holds_slot: bool = False, now: datetime
    ) -> PermissionFacts:
        """What is known of the lead of an attempt that was planned.

        Raises:
            NotFound: The lead or the campaign is gone.
            Unavailable: A source is away.
        """
        campaign = self.campaigns.get(attempt.campaign_id)
        return self._facts(
            moment,
            self.leads.get(attempt.lead_id),
            campaign,
            caller=self.own_numbers.by_phone(attempt.caller_id),
            now=now,
            attempt=attempt,
            time_limit=attempt.time_limit or campaign.time_limit,
            holds_slot=holds_slot,
            free_slots=None if holds_slot else self.capacity.free(),
        )

    def _facts(
        self,
        moment: Moment,
        lead: Lead,
        campaign: Campaign,
        *,
        caller: OwnNumber | None,
        now: datetime,
        free_slots: int | None,
        attempt: CallAttempt | None = None,
        time_limit: timedelta | None = None,
        holds_slot: bool = False,
    ) -> PermissionFacts:
        own, since = attempt.id if attempt else None, now - LOOK_BACK
        places = whereabouts_of(lead)
        states = states_at(places)
        budgets = self._budgets(campaign, now)
        return PermissionFacts(
            moment=moment,
            lead=LeadFacts.of(lead),
            number=number_plan(lead.phone),
            campaign=CampaignFacts.of(campaign, seller_name=self.campaigns.seller(campaign.seller_id).registered_name),
            consents=tuple(self.consents.of_phone(lead.phone)),
            suppressions=tuple(self.suppressions.of_phone(lead.phone)),
            listings=tuple(self.registries.listings(lead.phone, states=states)),
            check=self.number_checks.of_phone(lead.phone),
            whereabouts=places,
            law=self._law(states, campaign, now),
            clocks=tuple(clock_of(zone, around=now) for zone in zones_at(places)),
            calls=self.calls.facts(lead.phone, since=since, apart_from=own),
            campaign_attempts=_counting(self.calls.of_lead(lead.id), apart_from=own),
            live_in_campaign=self.calls.live_in_campaign(campaign.id) - (1 if attempt else 0),
            caller=caller,
            caller_dials=self.own_numbers.dials([caller.phone], since).get(caller.phone, 0) if caller else None,
            stops=tuple(self.stops.thrown(seller_id=campaign.seller_id, campaign_id=campaign.id)),
            budgets=budgets,
            worst_case=self._price(campaign, time_limit, budgets),
            reserved=self.costs.reservation(attempt.id).amount if attempt else None,
            free_slots=free_slots,
            holds_slot=holds_slot,
        )

    def _law(self, states: Sequence[str], campaign: Campaign, now: datetime) -> Law:
        signed = [each for each in self.sign_offs.of_seller(campaign.seller_id) if each.state in states]
        return calling_hours().law_for(states, on=now.date(), sign_offs=signed)

    def _caller(self, lead: Lead, campaign: Campaign, now: datetime) -> OwnNumber | None:
        """The number that the lead would see; when none may be used now, one that says why."""
        numbers = [each for each in self.own_numbers.of_seller(campaign.seller_id) if each.may_serve(campaign.id)]
        dials = self.own_numbers.dials([each.phone for each in numbers], now - LOOK_BACK)
        return choose_caller_id(lead, numbers, now=now, dials=dials) or next(iter(numbers), None)

    def _price(self, campaign: Campaign, time_limit: timedelta | None, budgets: Sequence[Budget] | None) -> Money:
        """What a call of that length can cost; without one, the longest that is paid for, or else the shortest."""
        available = min((budget.headroom for budget in budgets or ()), default=None)
        limit = time_limit or longest_call(
            campaign, available=available, worst_case=self.worst_case, shortest=self.shortest_call
        )
        return self.worst_case(lasting(campaign, limit or shortest_of(campaign, self.shortest_call)))

    def _budgets(self, campaign: Campaign, now: datetime) -> tuple[Budget, ...] | None:
        """Those that can run out, and the campaign's own in any case."""
        try:
            own, *others = self.costs.budgets_for(campaign, now)
        except NotFound:
            return None
        return own, *(budget for budget in others if budget.is_limited)


def _counting(attempts: Sequence[CallAttempt], *, apart_from: AttemptId | None) -> int:
    """How many attempts to a lead count for the cadence: those that rang, unless they were promised or never asked."""
    return sum(
        attempt.has_rung
        and attempt.provider_result != "failed"
        and attempt.direction is Direction.OUTBOUND
        and attempt.purpose is not Purpose.CALLBACK
        and attempt.id != apart_from
        for attempt in attempts
    )
