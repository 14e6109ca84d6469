"""Days, weeks and months on the books' clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.costs import Period, Scope
from shared.costs.periods import PERIODS, bounds, day_after, first_day, period_budget, period_budgets
from shared.kernel.ids import SellerId

NEW_YORK = ZoneInfo("America/New_York")
NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)
HARBOR = SellerId("harbor")
ZONES = st.sampled_from(["America/New_York", "Pacific/Auckland", "UTC", "America/St_Johns"]).map(ZoneInfo)
MOMENTS = st.integers(0, 6 * 365 * 24 * 60).map(lambda minutes: NEW_YEAR + timedelta(minutes=minutes))


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), period=st.sampled_from(PERIODS))
def test_a_day_lies_in_one_period(day: date, period: Period) -> None:
    first = first_day(period, day)

    assert first is not None
    assert first <= day < day_after(period, first)
    assert first_day(period, day_after(period, first)) == day_after(period, first)
    assert first_day(period, first) == first


@given(now=MOMENTS, zone=ZONES, period=st.sampled_from(PERIODS))
def test_a_moment_lies_in_the_period_of_its_day(now: datetime, zone: ZoneInfo, period: Period) -> None:
    first = first_day(period, now.astimezone(zone).date())
    assert first is not None
    begins, ends = bounds(period, first, zone)

    assert begins <= now < ends


def test_the_day_changes_at_the_books_midnight() -> None:
    late = datetime(2026, 3, 5, 4, 59, tzinfo=UTC)

    evening = period_budgets(HARBOR, late, NEW_YORK)
    night = period_budgets(HARBOR, late + timedelta(minutes=1), NEW_YORK)
    assert evening[0].period_start == date(2026, 3, 4)
    assert [a == b for a, b in zip(evening, night, strict=True)] == [False, True, True, False, True, True]


def test_a_day_may_have_twenty_three_hours() -> None:
    begins, ends = bounds(Period.DAY, date(2026, 3, 8), NEW_YORK)

    assert ends - begins == timedelta(hours=23)


def test_the_same_budget_has_the_same_id_whoever_makes_it() -> None:
    day = date(2026, 3, 4)

    assert period_budget(Scope.INSTALLATION, Period.DAY, HARBOR, day) == period_budget(
        Scope.INSTALLATION, Period.DAY, None, day
    )
    assert len({each.id for each in period_budgets(HARBOR, datetime(2026, 3, 4, tzinfo=UTC), UTC)}) == 6


def test_the_total_never_ends() -> None:
    assert first_day(Period.TOTAL, date(2026, 3, 4)) is None
    with pytest.raises(ValueError, match="no end"):
        day_after(Period.TOTAL, date(2026, 3, 4))
