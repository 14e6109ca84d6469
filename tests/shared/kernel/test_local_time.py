"""A zone's clock as data says what the zone's own clock says."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.kernel.local_time import clock_of
from shared.leads.places import places

ZONES = sorted({zone for place in places().states.values() for zone in place.zones})
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
EAST, ADAK = "America/New_York", "America/Adak"


@given(zone=st.sampled_from(ZONES), around=MOMENTS, hours=st.floats(-40, 18 * 24))
@example(zone=EAST, around=datetime(2026, 3, 8, tzinfo=UTC), hours=7.0)
@example(zone=EAST, around=datetime(2026, 11, 1, tzinfo=UTC), hours=5.999)
def test_it_shows_what_the_zone_shows(zone: str, around: datetime, hours: float) -> None:
    moment = around + timedelta(hours=hours)

    assert clock_of(zone, around=around).local(moment) == moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@given(zone=st.sampled_from(ZONES), around=MOMENTS, days=st.integers(-1, 16), minutes=st.integers(4 * 60, 24 * 60 - 1))
@example(zone=EAST, around=datetime(2026, 3, 8, 12, tzinfo=UTC), days=0, minutes=12 * 60)
def test_it_knows_when_a_time_of_the_day_comes(zone: str, around: datetime, days: int, minutes: int) -> None:
    day = around.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
    wall = time(minutes // 60, minutes % 60)

    told = clock_of(zone, around=around).instant(day, wall)

    assert told == datetime.combine(day, wall, ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "day", "wall", "instant"),
    [
        (EAST, date(2026, 3, 8), time(2, 30), datetime(2026, 3, 8, 7, tzinfo=UTC)),  # the clock jumps over it
        (EAST, date(2026, 11, 1), time(1, 30), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),  # it comes twice
        (ADAK, date(2026, 3, 8), time(3), datetime(2026, 3, 8, 12, tzinfo=UTC)),
    ],
)
def test_times_that_never_come_or_come_twice(zone: str, day: date, wall: time, instant: datetime) -> None:
    assert clock_of(zone, around=datetime.combine(day, time(), UTC)).instant(day, wall) == instant
