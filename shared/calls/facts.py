"""Everything the rules of permission look at, read once so that the decision itself is pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from shared.calls.attempt import CallAttempt, Direction, Purpose
from shared.calls.known import CampaignFacts, LeadFacts, Moment, PermissionFacts
from shared.calls.ports import CallRepository, Capacity
from shared.calls.record import Asked, LeadRecord, LeadRecords, RecordsOfEach
from shared.calls.stops import StopSwitches
from shared.campaigns import Campaign
from shared.campaigns.calling_hours import calling_hours
from shared.campaigns.own_number import OwnNumber, OwnNumberRepository, choose_caller_id
from shared.campaigns.ports import CampaignRepository
from shared.campaigns.sign_off import SignOffRepository
from shared.campaigns.time_limit import SHORTEST_CALL, Pricing, lasting, longest_call, shortest_of
from shared.costs import Budget
from shared.costs.levels import Levels
from shared.costs.ports import CostRepository
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
    """Where the facts come from, one repository each; an outage of any of them is an outage of dialling.

    ``records`` reads at once what the repositories would tell one after the other.
    """

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
    records: LeadRecords | None = None
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
        record = self.record(lead, campaign, caller=caller.phone if caller else None, now=now)
        return self.of_record(
            record, lead, campaign, caller=caller, now=now, free_slots=free_slots, time_limit=time_limit
        )

    def for_attempt(
        self,
        attempt: CallAttempt,
        moment: Moment,
        *,
        campaign: Campaign | None = None,
        holds_slot: bool = False,
        now: datetime,
    ) -> PermissionFacts:
        """What is known of the lead of an attempt that was planned; ``campaign`` spares reading it again.

        Raises:
            NotFound: The lead or the campaign is gone.
            Unavailable: A source is away.
        """
        lead = self.leads.get(attempt.lead_id)
        campaign = campaign or self.campaigns.get(attempt.campaign_id)
        record = self.record(lead, campaign, caller=attempt.caller_id, attempt=attempt, now=now)
        return self.of_record(
            record,
            lead,
            campaign,
            moment=moment,
            caller=record.caller,
            now=now,
            attempt=attempt,
            time_limit=attempt.time_limit or campaign.time_limit,
            holds_slot=holds_slot,
            free_slots=None if holds_slot else self.capacity.free(),
        )

    def record(
        self,
        lead: Lead,
        campaign: Campaign,
        *,
        caller: str | None = None,
        attempt: CallAttempt | None = None,
        now: datetime,
    ) -> LeadRecord:
        """What the books hold about a lead; ``caller`` (E.164) is the number of ours that would be shown.

        Raises:
            NotFound: What the lead or the attempt rests on is gone.
            Unavailable: A source is away.
        """
        asked = Asked(
            lead=lead,
            campaign=campaign,
            states=states_at(whereabouts_of(lead)),
            since=now - LOOK_BACK,
            now=now,
            attempt=attempt,
            caller=caller,
        )
        return (self.records or self._of_each).about(asked)

    def of_record(
        self,
        record: LeadRecord,
        lead: Lead,
        campaign: Campaign,
        *,
        moment: Moment = Moment.CLAIM,
        caller: OwnNumber | None,
        caller_dials: int | None = None,
        now: datetime,
        free_slots: int | None,
        attempt: CallAttempt | None = None,
        time_limit: timedelta | None = None,
        holds_slot: bool = False,
    ) -> PermissionFacts:
        """What the rules look at, from the record; ``caller_dials`` counts for a record that was not told the number.

        Raises:
            Unavailable: A source is away.
        """
        places = whereabouts_of(lead)
        states = states_at(places)
        budgets = _that_bind(record.budgets)
        dials = record.caller_dials if caller_dials is None else caller_dials
        return PermissionFacts(
            moment=moment,
            lead=LeadFacts.of(lead),
            number=number_plan(lead.phone),
            campaign=CampaignFacts.of(campaign, seller_name=record.seller_name),
            consents=record.consents,
            suppressions=record.suppressions,
            listings=record.listings,
            check=record.check,
            whereabouts=places,
            law=calling_hours().law_for(states, on=now.date(), sign_offs=record.sign_offs),
            clocks=tuple(clock_of(zone, around=now) for zone in zones_at(places)),
            calls=record.calls,
            campaign_attempts=_counting(record.earlier, apart_from=attempt.id if attempt else None),
            live_in_campaign=record.live_in_campaign - (1 if attempt else 0),
            caller=caller,
            caller_dials=dials if caller else None,
            stops=tuple(
                self.stops.thrown(seller_id=campaign.seller_id, campaign_id=campaign.id)
                if record.stops is None
                else self.stops.thrown(seller_id=campaign.seller_id, campaign_id=campaign.id, kept=record.stops)
            ),
            budgets=budgets,
            worst_case=self._price(campaign, time_limit, budgets),
            reserved=record.reserved,
            free_slots=free_slots,
            holds_slot=holds_slot,
        )

    @cached_property
    def _of_each(self) -> RecordsOfEach:
        return RecordsOfEach(
            consents=self.consents,
            suppressions=self.suppressions,
            registries=self.registries,
            number_checks=self.number_checks,
            sign_offs=self.sign_offs,
            campaigns=self.campaigns,
            own_numbers=self.own_numbers,
            calls=self.calls,
            costs=self.costs,
        )

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


def _that_bind(budgets: Sequence[Budget] | None) -> tuple[Budget, ...] | None:
    """Those that can run out, and the campaign's own, the first, in any case."""
    if not budgets:
        return None
    own, *others = budgets
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
