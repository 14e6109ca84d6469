"""Every state's row at every one of its boundaries, on ordinary days and on the days when the clocks change."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.calls import Verdict
from shared.campaigns.calling_rules import rule_table
from shared.leads.places import places
from tests.shared.calls.known import GOOD as TEXAS
from tests.shared.calls.known import at, finding_of, placed

SECOND = timedelta(seconds=1)
TUESDAY, SATURDAY, SUNDAY = date(2026, 12, 1), date(2026, 12, 5), date(2026, 12, 6)
CLOCKS_FORWARD, CLOCKS_BACK = date(2027, 3, 14), date(2026, 11, 1)
"""Both are Sundays, as in every year."""
Hours = tuple[int, int] | None
Week = tuple[Hours, Hours, Hours]
UNVERIFIED: Week = ((10, 18), (10, 18), None)
UNVERIFIED_STATES = (
    *("OR", "CT", "AL", "LA", "MS", "KY", "MA", "MI", "MN", "NM", "NV", "ME"),
    *("WA", "SD", "WY", "UT", "NE", "ND", "MT", "VA", "NY", "NJ", "GA"),
)
ROWS: dict[str, Week] = {
    "OH": ((8, 21), (8, 21), (8, 21)),  # the federal row alone
    "FL": ((8, 20), (8, 20), (8, 20)),
    "OK": ((8, 20), (8, 20), (8, 20)),
    "MD": ((8, 20), (8, 20), (8, 20)),
    "TX": ((9, 21), (9, 21), (12, 21)),
    "CA": ((8, 21), (8, 21), (8, 21)),
    "RI": ((10, 18), (10, 17), None),
    "PA": ((10, 18), None, None),
    **dict.fromkeys(UNVERIFIED_STATES, UNVERIFIED),
}
DAYS = {TUESDAY: 0, SATURDAY: 1, SUNDAY: 2, CLOCKS_FORWARD: 2, CLOCKS_BACK: 2}


def is_allowed(state: str, wall: datetime) -> bool:
    """Whether a phone in the state may ring when the clock of its first zone shows ``wall``."""
    zone = places().states[state].zones[0]
    moment = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    facts = at(moment, replace(TEXAS, **placed((state,), (zone,), at=moment)))
    return all(finding_of(rule, facts, moment).verdict is Verdict.ALLOW for rule in ("hours.local", "hours.holiday"))


def test_every_row_of_the_table_is_here() -> None:
    assert set(ROWS) - {"OH"} == set(rule_table().states)


@pytest.mark.parametrize("state", sorted(ROWS))
@pytest.mark.parametrize("day", sorted(DAYS), ids=str)
def test_the_row_opens_and_closes_to_the_second(state: str, day: date) -> None:
    hours = ROWS[state][DAYS[day]]
    if hours is None:
        assert not any(is_allowed(state, datetime.combine(day, time(hour, 30))) for hour in range(24))
        return
    opens, closes = (datetime.combine(day, time(hour)) for hour in hours)

    assert [is_allowed(state, moment) for moment in (opens - SECOND, opens, closes - SECOND, closes)] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("state", "day"),
    [
        ("LA", date(2027, 2, 9)),  # Mardi Gras
        ("LA", date(2027, 3, 26)),  # Good Friday
        ("LA", date(2027, 1, 8)),  # Battle of New Orleans
        ("UT", date(2026, 7, 24)),  # Pioneer Day
        ("RI", date(2026, 8, 10)),  # Victory Day
        ("AL", date(2026, 12, 25)),
        ("MS", date(2026, 12, 25)),
        ("PA", date(2026, 12, 25)),
    ],
)
def test_nobody_is_rung_on_the_holidays_of_the_state(state: str, day: date) -> None:
    noon = datetime.combine(day, time(12))

    assert not is_allowed(state, noon)
    assert is_allowed(state, noon + timedelta(days=14))


@pytest.mark.parametrize("day", [CLOCKS_FORWARD, CLOCKS_BACK], ids=str)
@pytest.mark.parametrize(
    ("state", "zone", "opens", "closes"),
    [
        ("OH", "America/New_York", 8, 21),
        ("TX", "America/Chicago", 12, 21),
        ("TX", "America/Denver", 12, 21),
        ("AZ", "America/Phoenix", 8, 21),
        ("AZ", "America/Denver", 8, 21),
        ("HI", "Pacific/Honolulu", 8, 21),
    ],
)
def test_whoever_may_be_rung_may_be_rung_until_the_hour_named_on_the_persons_own_clock(
    day: date, state: str, zone: str, opens: int, closes: int
) -> None:
    midnight = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    facts = at(midnight, replace(TEXAS, **placed((state,), (zone,), at=midnight)))
    night = finding_of("hours.local", facts, midnight)

    assert night.defer_until == datetime.combine(day, time(opens), ZoneInfo(zone)).astimezone(UTC)
    open_now = finding_of("hours.local", facts, night.defer_until)
    assert open_now.allowed_until == datetime.combine(day, time(closes), ZoneInfo(zone)).astimezone(UTC)
