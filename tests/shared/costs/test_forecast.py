"""What a period will have cost when it ends."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.costs import Budget, Period, Scope
from shared.costs.forecast import Confidence, Forecast, forecast, spent_between
from shared.kernel.ids import BudgetId
from shared.kernel.money import ZERO, Money

BEGINS = datetime(2026, 11, 1, tzinfo=UTC)
ENDS = datetime(2026, 12, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 16, tzinfo=UTC)
DOLLAR = Money.usd("1")
HOUR = timedelta(hours=1)


def month(posted: Money, *, limit: str = "1000", pending: Money = ZERO) -> Budget:
    return Budget(
        id=BudgetId("month"),
        seller_id=None,
        limit=Money.usd(limit),
        posted=posted,
        pending=pending,
        scope=Scope.INSTALLATION,
        period=Period.MONTH,
        period_start=BEGINS.date(),
    )


def steady(
    since: datetime, until: datetime = NOW, amount: Money = DOLLAR, *, hours: range = range(24)
) -> dict[datetime, Money]:
    """The same in every hour of the day that is among ``hours``."""
    every = (since + number * HOUR for number in range(int((until - since) / HOUR)))
    return {hour: amount for hour in every if hour.hour in hours}


def ahead(budget: Budget, hourly: dict[datetime, Money]) -> Forecast:
    return forecast(budget, starts_at=BEGINS, ends_at=ENDS, hourly=hourly, now=NOW)


def test_a_steady_month_ends_at_twice_its_half() -> None:
    hourly = steady(NOW - timedelta(days=28))
    found = ahead(month(Money.usd("360")), hourly)

    assert found.expected == found.low == found.high == Money.usd("720")
    assert found.confidence is Confidence.HIGH
    assert found.burn_per_hour == DOLLAR
    assert found.days_left == pytest.approx(640 / 24)
    assert found.runs_out_at is None


def test_nights_without_calls_cost_nothing() -> None:
    hourly = steady(NOW - timedelta(days=28), hours=range(14, 22))
    found = ahead(month(Money.usd("120")), hourly)

    assert found.expected == Money.usd("240")
    assert found.burn_per_hour == ZERO


def test_the_moment_at_which_the_limit_is_reached() -> None:
    hourly = steady(NOW - timedelta(days=28))
    found = ahead(month(Money.usd("360"), limit="384"), hourly)

    assert found.runs_out_at == NOW + 23 * HOUR
    assert found.days_left == pytest.approx(1)


def test_a_period_that_costs_more_than_its_hours_used_to_goes_on_so() -> None:
    hourly = steady(NOW - timedelta(days=28), BEGINS) | steady(BEGINS, amount=Money.usd("2"))
    found = ahead(month(Money.usd("720")), hourly)

    assert Money.usd("1100") < found.expected < Money.usd("1500")
    assert found.low < found.expected < found.high
    assert found.confidence is Confidence.MEDIUM


def test_without_history_the_period_itself_is_the_measure() -> None:
    hourly = steady(NOW - timedelta(days=2))
    found = ahead(month(Money.usd("48")), hourly)

    assert found.expected == Money.usd("96")
    assert found.confidence is Confidence.LOW


def test_a_month_without_spending_ends_with_none() -> None:
    found = ahead(month(ZERO), {})

    assert (found.expected, found.low, found.high) == (ZERO, ZERO, ZERO)
    assert (found.days_left, found.runs_out_at, found.burn_per_hour) == (None, None, ZERO)


def test_held_money_counts_as_spent() -> None:
    found = ahead(month(ZERO, pending=DOLLAR), {})

    assert found.expected == found.low == DOLLAR


def test_an_hour_in_part_counts_by_its_share() -> None:
    hourly = {BEGINS: DOLLAR}

    assert spent_between(hourly, BEGINS + HOUR / 4, BEGINS + HOUR, now=NOW) == Money.usd("0.75")
    assert spent_between(hourly, BEGINS - HOUR, BEGINS, now=NOW) == ZERO


@pytest.mark.parametrize("minutes", [0, 1, 30, 59])
def test_the_present_hour_is_spent_whole(minutes: int) -> None:
    now = BEGINS + timedelta(minutes=minutes)

    assert spent_between({BEGINS: DOLLAR}, now - HOUR, now, now=now) == DOLLAR


@given(
    amounts=st.lists(st.integers(0, 5_000_000), min_size=1, max_size=60),
    posted=st.integers(0, 900_000_000),
    pending=st.integers(0, 900_000_000),
)
def test_a_forecast_is_never_below_what_is_spent(amounts: list[int], posted: int, pending: int) -> None:
    hourly = {NOW - (number + 1) * 11 * HOUR: Money(amount) for number, amount in enumerate(amounts)}
    found = ahead(month(Money(posted), pending=Money(pending)), hourly)

    assert Money(posted + pending) <= found.low <= found.expected <= found.high


def test_before_two_days_are_known_what_is_to_come_is_a_guess() -> None:
    found = ahead(month(Money.usd("3")), steady(NOW - timedelta(hours=3)))

    assert found.low == Money.usd("3")
    assert found.high - found.expected == found.expected - found.low > ZERO
