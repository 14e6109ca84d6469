"""May this phone ring at this hour: everywhere at once, by every clock and every law."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.calls import Verdict
from shared.campaigns.calling_plan import CallingPlan
from shared.kernel.week import DayHours, Week
from shared.leads.places import places
from tests.shared.calls.known import GOOD, at, campaign_facts, finding_of, lead_facts, placed
from tests.shared.calls.world import NOON

ZONES = sorted({zone for place in places().states.values() for zone in place.zones})
MOMENTS = st.integers(0, 3 * 366 * 24 * 60).map(
    lambda minute: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(0, minute * 60)
)
SOME_ZONES = st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True)
SOME_STATES = st.lists(st.sampled_from(sorted(places().states)), max_size=2, unique=True)
EVENINGS: Week = tuple(DayHours(weekday=day, opens=time(17), closes=time(20)) for day in range(5))
RULES = ("hours.local", "hours.holiday")


@settings(deadline=None)
@given(now=MOMENTS, zones=SOME_ZONES, states=SOME_STATES)
def test_who_may_be_rung_may_be_rung_by_each_clock_and_each_law_alone(
    now: datetime, zones: list[str], states: list[str]
) -> None:
    everywhere = replace(GOOD, **placed(states, zones, at=now))
    if any(finding_of(rule, everywhere, now).verdict is not Verdict.ALLOW for rule in RULES):
        return
    for zone in zones:
        assert time(8) <= now.astimezone(ZoneInfo(zone)).time() < time(21)
        for state in states:
            alone = replace(GOOD, **placed([state], [zone], at=now))
            assert all(finding_of(rule, alone, now).verdict is Verdict.ALLOW for rule in RULES)


@settings(deadline=None)
@given(now=MOMENTS, zones=SOME_ZONES, states=SOME_STATES)
def test_who_is_put_off_may_be_rung_at_the_hour_named_and_until_the_hour_named(
    now: datetime, zones: list[str], states: list[str]
) -> None:
    facts = replace(GOOD, **placed(states, zones, at=now))
    told = finding_of("hours.local", facts, now)

    if told.defer_until is not None:
        assert told.defer_until > now
        now, facts = told.defer_until, replace(GOOD, **placed(states, zones, at=told.defer_until))
        told = finding_of("hours.local", facts, now)
        assert told.verdict is Verdict.ALLOW
    if told.verdict is Verdict.ALLOW:
        assert told.allowed_until is not None
        assert told.allowed_until > now
        assert finding_of("hours.local", facts, told.allowed_until - timedelta(seconds=1)).verdict is Verdict.ALLOW
        assert finding_of("hours.local", facts, told.allowed_until).verdict is not Verdict.ALLOW


def test_the_hours_of_the_campaign_and_of_the_person_are_on_the_persons_clock() -> None:
    wanted = replace(GOOD, campaign=campaign_facts(plan=CallingPlan(hours=EVENINGS)))
    told = finding_of("hours.wanted", wanted)

    assert told.defer_until == datetime(2026, 3, 10, 22, tzinfo=UTC)  # 17:00 in Texas
    assert finding_of("hours.wanted", wanted, told.defer_until).allowed_until == datetime(2026, 3, 11, 1, tzinfo=UTC)


def test_hours_that_have_none_in_common_never_come() -> None:
    mornings = tuple(DayHours(weekday=day, opens=time(9), closes=time(11)) for day in range(7))
    never = replace(GOOD, campaign=campaign_facts(plan=CallingPlan(hours=EVENINGS)), lead=lead_facts(hours=mornings))

    assert finding_of("hours.wanted", never).verdict is Verdict.DENY


def test_hours_that_touch_are_one() -> None:
    halves: Week = (
        DayHours(weekday=1, opens=time(9), closes=time(13)),
        DayHours(weekday=1, opens=time(13), closes=time(18)),
    )
    facts = replace(GOOD, lead=lead_facts(hours=halves))

    assert finding_of("hours.wanted", facts).allowed_until == datetime(2026, 3, 10, 23, tzinfo=UTC)


def test_the_record_says_what_the_persons_clock_showed_and_why_it_is_theirs() -> None:
    told = finding_of("hours.local", at(NOON))

    assert told.evidence["local"] == {"America/Chicago": "2026-03-10 12:00:00"}
    assert told.evidence["rules"] == ["hours.federal", "hours.TX"]
