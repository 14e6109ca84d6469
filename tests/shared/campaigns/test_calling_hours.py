"""When phones may ring: every law, every zone, every day of the year."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.campaigns import calling_rules
from shared.campaigns.calling_hours import calling_hours
from shared.campaigns.calling_rules import Window, read_rules, rule_table
from shared.campaigns.law import Law
from shared.campaigns.sign_off import SignOff, StatePolicy
from shared.kernel.errors import Malformed
from shared.kernel.ids import SellerId
from shared.leads.places import places

HOURS = calling_hours()
allows, next_opening = HOURS.allows, HOURS.next_opening
EAST, CENTRAL, HAWAII = "America/New_York", "America/Chicago", "Pacific/Honolulu"
TUESDAY, SATURDAY, SUNDAY = date(2026, 12, 1), date(2026, 12, 5), date(2026, 12, 6)
ALL_ZONES = sorted({zone for place in places().states.values() for zone in place.zones})


def hours(opens: int, closes: int) -> Window:
    return Window(opens=time(opens), closes=time(closes))


def window_for(states: tuple[str, ...], day: date) -> Window | None:
    """The hours of a calendar day that every row allows, or ``None`` when nobody may be rung that day."""
    return next(iter(HOURS.law_for(states, on=day).hours(day)), None)


@pytest.mark.parametrize(
    ("states", "day", "window"),
    [
        (("OH",), TUESDAY, hours(8, 21)),
        (("OH",), SUNDAY, hours(8, 21)),
        (("FL",), TUESDAY, hours(8, 20)),
        (("OK",), SUNDAY, hours(8, 20)),
        (("MD",), SATURDAY, hours(8, 20)),
        (("WA",), TUESDAY, hours(10, 18)),  # graded P, but nobody knows when it was checked
        (("TX",), TUESDAY, hours(9, 21)),
        (("TX",), SUNDAY, hours(12, 21)),
        (("TX", "FL"), SUNDAY, hours(12, 20)),
        (("TX", "FL"), TUESDAY, hours(9, 20)),
        (("OR",), TUESDAY, hours(10, 18)),
        (("KY",), TUESDAY, hours(10, 18)),
        (("RI",), SATURDAY, hours(10, 17)),
        (("RI",), SUNDAY, None),
        (("PA",), SATURDAY, None),
        (("NY",), SUNDAY, None),
        ((), TUESDAY, hours(10, 18)),
        ((), SUNDAY, None),
    ],
)
def test_the_strictest_of_all_rows_counts(states: tuple[str, ...], day: date, window: Window | None) -> None:
    assert window_for(states, day) == window


@pytest.mark.parametrize(
    ("states", "day"),
    [
        (("LA",), date(2027, 2, 9)),  # Mardi Gras
        (("LA",), date(2027, 1, 8)),  # Battle of New Orleans
        (("UT",), date(2026, 7, 24)),  # Pioneer Day
        (("RI",), date(2026, 8, 10)),  # Victory Day
        (("PA",), date(2026, 12, 25)),
        ((), date(2026, 12, 25)),
    ],
)
def test_holidays_are_kept_where_the_state_or_the_fallback_keeps_them(states: tuple[str, ...], day: date) -> None:
    assert day.weekday() < 6
    assert window_for(states, day) is None


def test_a_holiday_is_like_any_day_where_no_law_says_otherwise() -> None:
    assert window_for(("FL",), date(2026, 12, 25)) == hours(8, 20)


@pytest.mark.parametrize(
    ("wall", "is_open"), [(time(8, 59, 59), False), (time(9), True), (time(20, 59, 59), True), (time(21), False)]
)
def test_the_first_minute_is_open_and_the_closing_one_is_not(wall: time, is_open: bool) -> None:
    moment = datetime.combine(TUESDAY, wall, ZoneInfo(CENTRAL))

    assert allows(moment.astimezone(UTC), [CENTRAL], ["TX"]) is is_open


def test_all_plausible_zones_must_be_open() -> None:
    half_past_eight_in_new_york = datetime(2026, 12, 1, 13, 30, tzinfo=UTC)

    assert allows(half_past_eight_in_new_york, [EAST], ["FL"])
    assert not allows(half_past_eight_in_new_york, [EAST, CENTRAL], ["FL"])
    assert next_opening(half_past_eight_in_new_york, [EAST, CENTRAL], ["FL"]) == datetime(2026, 12, 1, 14, tzinfo=UTC)


def test_nobody_is_rung_whose_place_is_unknown() -> None:
    noon = datetime(2026, 12, 1, 18, tzinfo=UTC)

    assert not allows(noon, [], ["TX"])
    assert next_opening(noon, [], ["TX"]) is None


def test_zones_that_never_wake_together_have_no_opening() -> None:
    assert next_opening(datetime(2026, 12, 1, tzinfo=UTC), ["Asia/Tokyo", EAST], []) is None


def law(*states: str, sign_offs: tuple[SignOff, ...] = ()) -> Law:
    return HOURS.law_for(states, on=TUESDAY, sign_offs=sign_offs)


@pytest.mark.parametrize(
    ("states", "policy"),
    [
        (("TX", "CA"), StatePolicy.BLOCK),
        (("CA", "MN"), StatePolicy.BLOCK),
        (("MN",), StatePolicy.CONSENT_ONLY),
        (("ND",), StatePolicy.CONSENT_ONLY),
        (("MT",), StatePolicy.CONSENT_ONLY),
        (("TX",), StatePolicy.ALLOW),
        ((), StatePolicy.ALLOW),
    ],
)
def test_the_strictest_policy_of_all_states_counts(states: tuple[str, ...], policy: StatePolicy) -> None:
    assert law(*states).policy is policy


def test_a_signature_of_counsel_takes_the_place_of_the_policy_and_of_the_fallback() -> None:
    signed = SignOff(
        seller_id=SellerId("harbor"),
        state="KY",
        policy=StatePolicy.HUMAN_FIRST,
        signed_by="counsel",
        signed_at=datetime(2026, 11, 1, tzinfo=UTC),
    )

    assert law("KY", sign_offs=(signed,)).policy is StatePolicy.HUMAN_FIRST
    assert law("KY", sign_offs=(signed,)).hours(SUNDAY) == (hours(10, 21),)
    assert law("KY", "GA", sign_offs=(signed,)).hours(SUNDAY) == ()
    assert law("KY").hours(SUNDAY) == ()


def test_the_law_names_the_versions_of_what_it_was_taken_from() -> None:
    assert set(law("TX").versions) == {"rules", "places", "holidays", "phonenumbers", "tzdata"}


@pytest.mark.parametrize(("states", "cap"), [(["TX"], 3), (["FL"], 3), (["KY"], 2), (["KY", "FL"], 2), ([], 2)])
def test_the_cap_is_the_strictest(states: list[str], cap: int) -> None:
    assert law(*states).attempts_per_24_hours == cap


MOMENTS = st.integers(0, 4 * 365 * 24 * 3600).map(
    lambda second: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(0, second)
)


@settings(max_examples=150, deadline=None)
@given(
    now=MOMENTS,
    zones=st.lists(st.sampled_from(ALL_ZONES), min_size=1, max_size=2, unique=True),
    states=st.lists(st.sampled_from(["TX", "FL", "LA", "KY", "OH", "UT"]), max_size=2, unique=True),
    between=st.floats(0, 1, exclude_max=True),
)
@example(now=datetime(2027, 3, 14, 6, 59, tzinfo=UTC), zones=[EAST, CENTRAL], states=["FL"], between=0.9)
@example(now=datetime(2026, 11, 1, 5, 30, tzinfo=UTC), zones=[EAST], states=["FL"], between=0.99)
@example(now=datetime(2026, 12, 25, 8, tzinfo=UTC), zones=[CENTRAL], states=["LA"], between=0.5)
def test_the_next_opening_is_the_first_moment_that_is_open_everywhere(
    now: datetime, zones: list[str], states: list[str], between: float
) -> None:
    opening = next_opening(now, zones, states)

    if opening is None:
        assert not allows(now, zones, states)
        return
    assert opening >= now
    assert allows(opening, zones, states)
    assert (opening == now) is allows(now, zones, states)
    earlier = now + (opening - now) * between
    assert earlier >= opening or not allows(earlier, zones, states)


@settings(max_examples=100, deadline=None)
@given(now=MOMENTS, zone=st.sampled_from(ALL_ZONES), state=st.sampled_from(sorted(places().states)))
def test_no_law_is_ever_looser_than_the_federal_one(now: datetime, zone: str, state: str) -> None:
    if allows(now, [zone], [state]):
        assert time(8) <= now.astimezone(ZoneInfo(zone)).time() < time(21)


def test_every_row_of_the_table_says_where_it_comes_from() -> None:
    table = rule_table()

    for row in (table.default, table.fallback, *table.states.values()):
        assert row.source
        assert row.verified_on is not None or not row.is_primary or row.note
    assert set(table.states) <= set(places().states)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("states: {}", "default"),
        ("[", "cannot be read"),
        ("default: {weekdays: 20:00-08:00, saturday: none, sunday: none, source: x, grade: P}", "opens at"),
        ("default: {weekdays: always, saturday: none, sunday: none, source: x, grade: P}", "weekdays"),
        ("default: {weekdays: 08:00-20:00, saturday: none, sunday: none, source: x, grade: Q}", "grade"),
        ("default: {weekdays: 08:00-20:00, saturday: none, sunday: none, source: x, grade: P}", "verified_on"),
        (
            "default: {weekdays: 08:00-20:00, saturday: none, sunday: none, source: x, grade: P, verified_on: null}",
            "needs the day",
        ),
        ("states: {TX: 1, TX: 2}", "given twice: TX"),
    ],
)
def test_a_broken_table_says_which_row(text: str, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        read_rules(text)


TEXT = calling_rules.FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  TX: {", "  XX: {", "no such states: XX"),
        ("{state: LA, month: 1", "{state: ZZ, month: 1", "no such states: ZZ"),
        ("  KY: {weekdays: 10:00-21:00", "  KY: {weekdays: 05:00-07:00", "KY: no hour of weekday 0"),
        ("policy: block", "policy: maybe", "policy"),
        ("licence: required", "licence: perhaps", "licence"),
        ("month: 1, day: 8", "month: 13, day: 8", "month"),
        ('version: "', 'version: "about ', "version"),
        ("attempts_per_24_hours: 3,", "attempts_per_24_hours: 0,", "attempts_per_24_hours"),
        ('source: "RCW 19.158.040", ', "", "source"),
    ],
)
def test_a_wrong_row_refuses_to_load(old: str, new: str, said: str) -> None:
    assert read_rules(TEXT) == rule_table()
    with pytest.raises(Malformed, match=said):
        read_rules(TEXT.replace(old, new, 1))


def test_a_lead_in_hawaii_waits_for_its_own_morning() -> None:
    morning_in_texas = datetime(2026, 12, 1, 16, tzinfo=UTC)

    assert next_opening(morning_in_texas, [HAWAII], ["HI"]) == morning_in_texas + timedelta(hours=2)
