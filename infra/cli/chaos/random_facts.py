"""Facts about people who do not exist, at random by seed: whatever a decision may ever be asked."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import TypeVar

from shared.calls.known import CampaignFacts, LeadFacts, Moment, PermissionFacts
from shared.calls.ports import CallFacts
from shared.calls.rules.standing import EXPECTED
from shared.calls.stops import StopScope, StopSwitch
from shared.campaigns import CampaignState
from shared.campaigns.calling_hours import calling_hours
from shared.campaigns.own_number import OwnNumber
from shared.campaigns.sign_off import SignOff, StatePolicy
from shared.costs import Budget
from shared.kernel.ids import AttemptId, BudgetId, CampaignId, ConsentId, LeadId, SellerId
from shared.kernel.local_time import clock_of
from shared.kernel.money import Money
from shared.kernel.week import DayHours, Week
from shared.leads import Channel, Consent, LeadStatus, Suppression, SuppressionReason
from shared.leads.number_check import LineType, NumberCheck, Reassigned
from shared.leads.number_plan import number_plan
from shared.leads.places import places
from shared.leads.registry import Listing, Registry
from shared.leads.whereabouts import Evidence, Whereabouts

Thing = TypeVar("Thing")
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
TEXTS = (
    "I agree that Hill Country Homes may call me with an artificial voice.",
    "You may call me.",
    "I agree to AI calls from our partners.",
    "",
)
PHONES = ("+15125550101", "+13055550142", "+14365550142", "+18005550101", "+19115550101", "+14165550101", "+1512")


def random_facts(seed: int) -> tuple[PermissionFacts, datetime]:
    """Facts, and the moment at which they are asked about; the same for the same seed."""
    draw = _Draw(Random(seed))
    now = FIRST + timedelta(seconds=draw.dice.randrange(3 * 366 * 86400))
    return draw.facts(now), now


def many_random_facts(count: int, *, seed: int) -> Iterator[tuple[PermissionFacts, datetime]]:
    """That many, by one seed."""
    return (random_facts(seed * 1_000_003 + number) for number in range(count))


class _Draw:
    """One person's luck: for some nothing goes wrong, for some a little, for some a lot."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.trouble = dice.choice((0.0, 0.01, 0.04, 0.3))
        self.sellers = tuple(SellerId(f"seller-{number}") for number in range(3))

    def facts(self, now: datetime) -> PermissionFacts:
        """The facts as they may be gathered at ``now``; some could not be."""
        phone = self.one_of(PHONES) if self.goes_wrong() else f"+1512555{self.dice.randrange(10_000):04d}"
        seller = self.sellers[0]
        states = tuple(self.dice.sample(sorted(places().states), 2 if self.goes_wrong() else 1))
        law = calling_hours().law_for(states, on=now.date(), sign_offs=self.sign_offs(states, now))
        zones = sorted({zone for state in states for zone in places().states[state].zones})
        moment = self.one_of(tuple(Moment))
        return PermissionFacts(
            moment=moment,
            lead=self.lead(phone, seller, moment, now),
            number=self.maybe(lambda: number_plan(phone)),
            campaign=self.maybe(lambda: self.campaign(seller, now)),
            consents=self.maybe(lambda: tuple(self.consent(phone, now) for _ in range(self.dice.randrange(1, 3)))),
            suppressions=self.maybe(lambda: self.suppressions(phone, now)),
            listings=self.maybe(lambda: self.listings(states, now)),
            check=self.check(phone, now) if self.is_so(0.8) else None,
            whereabouts=(Whereabouts(evidence=self.one_of(tuple(Evidence)), states=states, zones=tuple(zones)),),
            law=self.maybe(lambda: law),
            clocks=tuple(clock_of(zone, around=now) for zone in zones),
            calls=self.maybe(lambda: self.calls(now)),
            campaign_attempts=self.maybe(lambda: self.dice.randrange(9 if self.goes_wrong() else 2)),
            live_in_campaign=self.maybe(lambda: self.dice.randrange(9 if self.goes_wrong() else 4)),
            caller=self.maybe(lambda: self.caller(now)),
            caller_dials=self.maybe(lambda: self.dice.randrange(200 if self.goes_wrong() else 40)),
            stops=self.maybe(lambda: self.stops(now)),
            budgets=self.maybe(self.budgets),
            worst_case=self.maybe(lambda: Money(self.dice.randrange(1, 300_000))),
            reserved=Money(self.dice.randrange(1 if self.goes_wrong() else 300_000, 500_000))
            if self.is_so(0.4)
            else None,
            free_slots=self.maybe(lambda: self.dice.randrange(0 if self.goes_wrong() else 1, 4)),
            holds_slot=self.is_so(0.5),
        )

    def lead(self, phone: str, seller: SellerId, moment: Moment, now: datetime) -> LeadFacts:
        return LeadFacts(
            id=LeadId("lead-1"),
            seller_id=seller,
            campaign_id=CampaignId("campaign-1"),
            phone=phone,
            status=self.one_of(tuple(LeadStatus)) if self.goes_wrong() else min(EXPECTED[moment]),
            hours=self.week(),
            promised_at=self.past(now, days=1) if self.is_so(0.2) else None,
            spoken_at=self.past(now, days=90) if self.is_so(0.3) else None,
        )

    def campaign(self, seller: SellerId, now: datetime) -> CampaignFacts:
        return CampaignFacts(
            id=CampaignId("campaign-1"),
            seller_id=self.one_of(self.sellers) if self.goes_wrong() else seller,
            seller_name="Hill Country Homes LLC",
            state=self.one_of(tuple(CampaignState)) if self.goes_wrong() else CampaignState.RUNNING,
            hours=self.week(),
            starts_at=self.past(now, days=9) if self.is_so(0.3) else None,
            ends_at=now + timedelta(hours=self.dice.randrange(-9 if self.goes_wrong() else 1, 100))
            if self.is_so(0.3)
            else None,
            most_attempts=self.dice.randrange(2, 8),
            most_per_day=self.dice.randrange(0 if self.goes_wrong() else 1, 4),
            most_at_once=5,
        )

    def consent(self, phone: str, now: datetime) -> Consent:
        return Consent(
            id=ConsentId(f"consent-{self.dice.randrange(99)}"),
            seller_id=self.one_of(self.sellers) if self.goes_wrong() else self.sellers[0],
            phone="+15125550199" if self.goes_wrong() else phone,
            channels=frozenset(self.some(tuple(Channel), 2) if self.goes_wrong() else tuple(Channel)),
            text=self.one_of(TEXTS) if self.goes_wrong() else TEXTS[0],
            method="" if self.goes_wrong() else "web form",
            source_url="" if self.goes_wrong() else "https://example.com/form",
            obtained_at=self.past(now, days=60),
            revoked_at=self.past(now, days=5) if self.goes_wrong() else None,
        )

    def suppressions(self, phone: str, now: datetime) -> tuple[Suppression, ...]:
        if not self.goes_wrong():
            return ()
        return (
            Suppression(
                phone=phone,
                reason=self.one_of(tuple(SuppressionReason)),
                at=self.past(now, days=400),
                seller_id=self.one_of((None, *self.sellers)),
                attempt_id=AttemptId("attempt-1") if self.is_so(0.5) else None,
            ),
        )

    def listings(self, states: Sequence[str], now: datetime) -> tuple[Listing, ...]:
        lists = [(Registry.NATIONAL, None), *((Registry.STATE, state) for state in states)]
        return tuple(
            Listing(
                registry=registry,
                state=state,
                copy_id=f"copy-{self.dice.randrange(9)}",
                taken_on=self.past(now, days=40 if self.goes_wrong() else 31).date(),
                covers=not self.goes_wrong(),
                is_listed=self.goes_wrong(),
            )
            for registry, state in lists
            if not self.goes_wrong()
        )

    def check(self, phone: str, now: datetime) -> NumberCheck:
        is_asked = not self.goes_wrong()
        return NumberCheck(
            phone=phone,
            checked_at=self.past(now, days=45 if self.goes_wrong() else 30),
            line_type=self.one_of(tuple(LineType)) if self.goes_wrong() else LineType.MOBILE,
            reassigned=(self.one_of(tuple(Reassigned)) if self.goes_wrong() else Reassigned.NO) if is_asked else None,
            asked_since=self.past(now, days=90).date() if is_asked else None,
        )

    def calls(self, now: datetime) -> CallFacts:
        moments = sorted(self.past(now, days=1) for _ in range(self.dice.randrange(4 if self.goes_wrong() else 2)))
        return CallFacts(
            live_attempts=int(self.goes_wrong()), attempts_last_24_hours=tuple(moments), attempts_total=len(moments)
        )

    def caller(self, now: datetime) -> OwnNumber:
        return OwnNumber(
            phone="+15125550000",
            seller_id=self.sellers[1] if self.goes_wrong() else self.sellers[0],
            added_at=self.past(now, days=40),
            warms_up=self.is_so(0.2),
            cooled_until=now + timedelta(hours=self.dice.randrange(-9, 9)) if self.goes_wrong() else None,
            retired_at=self.past(now, days=1) if self.goes_wrong() else None,
        )

    def stops(self, now: datetime) -> tuple[StopSwitch, ...]:
        if not self.goes_wrong():
            return ()
        return (StopSwitch(scope=StopScope.ALL, at=self.past(now, days=1), by="an operator", reason="a drill"),)

    def budgets(self) -> tuple[Budget, ...]:
        return tuple(
            Budget(
                id=BudgetId(f"budget-{number}"),
                seller_id=self.sellers[0],
                limit=Money(10_000_000),
                pending=Money(self.dice.randrange(10_500_000 if self.goes_wrong() else 5_000_000)),
            )
            for number in range(self.dice.randrange(1, 3))
        )

    def sign_offs(self, states: Sequence[str], now: datetime) -> tuple[SignOff, ...]:
        return tuple(
            SignOff(
                seller_id=self.sellers[0],
                state=state,
                policy=self.one_of(tuple(StatePolicy)),
                signed_by="counsel",
                signed_at=self.past(now, days=300),
                licence="TC-1" if self.is_so(0.5) else "",
            )
            for state in states
            if self.is_so(0.3)
        )

    def week(self) -> Week:
        if self.is_so(0.7):
            return ()
        days = sorted(self.some(tuple(range(7)), 7))
        opens = self.dice.randrange(7, 18)
        return tuple(
            DayHours(weekday=day, opens=time(opens), closes=time(self.dice.randrange(opens + 1, 23))) for day in days
        )

    def past(self, now: datetime, *, days: int) -> datetime:
        return now - timedelta(seconds=self.dice.randrange(1, days * 86400))

    def goes_wrong(self) -> bool:
        return self.is_so(self.trouble)

    def is_so(self, chance: float) -> bool:
        return self.dice.random() < chance

    def maybe(self, make: Callable[[], Thing]) -> Thing | None:
        return None if self.is_so(self.trouble / 10) else make()

    def one_of(self, things: Sequence[Thing]) -> Thing:
        return self.dice.choice(things)

    def some(self, things: Sequence[Thing], most: int) -> list[Thing]:
        return self.dice.sample(list(things), self.dice.randrange(most + 1))
