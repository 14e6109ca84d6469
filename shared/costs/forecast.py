"""What a period will have cost when it ends: what is spent, and the hours to come at the pace of hours like them.

With two weeks of history or more, an hour to come is expected to cost what the same hour of the week has cost on
average, scaled by how the period so far compares with what its own hours used to cost. With less, it is expected to
cost what an hour of the period has cost so far. The range is where four of five such periods end, by how much the days
of the history differ from each other; before there are two of them it is anything up to twice what is to come.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.costs.budget import Budget
from shared.kernel.money import ZERO, Money

HOUR, MOMENT = timedelta(hours=1), timedelta(seconds=1)
HOURS_OF_WEEK = 168
HISTORY = timedelta(days=28)
ENOUGH = timedelta(days=14)
FOUR_OF_FIVE = 1.28
"""Standard deviations to each side that hold four fifths of a normal distribution."""
LARGEST_SCALE = 4.0
STEADY = 0.15

Hourly = Mapping[datetime, Money]
"""What was spent by the hour (UTC, its beginning); hours without spending may be missing."""


class Confidence(StrEnum):
    """How much a forecast rests on: four weeks that resemble each other, two weeks, or this period alone."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """One budget's period to its end. ``runs_out_at`` is when its limit would be reached, ``None`` if not before.

    ``burn_per_hour`` is what the last hour cost, ``days_left`` how long the rest of the limit lasts at the pace of the
    last day; ``None`` without a limit or without spending.
    """

    budget: Budget
    ends_at: datetime
    expected: Money
    low: Money
    high: Money
    confidence: Confidence
    burn_per_hour: Money
    days_left: float | None
    runs_out_at: datetime | None


def forecast(budget: Budget, *, starts_at: datetime, ends_at: datetime, hourly: Hourly, now: datetime) -> Forecast:
    """The forecast of a budget whose period lasts from ``starts_at`` to ``ends_at`` (UTC), by ``hourly`` spending."""
    known_since = max(now - HISTORY, min(hourly, default=now))
    is_known = now - known_since >= ENOUGH
    profile = _profile(hourly, known_since, now) if is_known else {}
    scale = _scale(profile, hourly, starts_at, now) if is_known else 1.0
    elapsed = max((now - starts_at) / HOUR, 1.0)
    flat = budget.posted.micro_usd / elapsed

    def pace(moment: datetime) -> float:
        return profile.get(_slot(moment), 0.0) * scale if is_known else flat

    total, runs_out_at = float((budget.posted + budget.pending).micro_usd), None
    moment = now
    while moment < ends_at:
        until = min(_hour(moment) + HOUR, ends_at)
        total += pace(moment) * ((until - moment) / HOUR)
        if runs_out_at is None and budget.is_limited and total >= budget.limit.micro_usd:
            runs_out_at = moment
        moment = until
    spent = (budget.posted + budget.pending).micro_usd
    days = _sums(hourly, known_since, now, timedelta(days=1))
    to_come = max((ends_at - now) / (24 * HOUR), 0.0)
    spread = FOUR_OF_FIVE * _spread(days) * math.sqrt(to_come) if len(days) > 1 else total - spent
    return Forecast(
        budget=budget,
        ends_at=ends_at,
        expected=Money(round(total)),
        low=Money(max(spent, round(total - spread))),
        high=Money(round(total + spread)),
        confidence=_confidence(hourly, known_since, now),
        burn_per_hour=spent_between(hourly, now - HOUR, now, now=now),
        days_left=_days_left(budget, hourly, now),
        runs_out_at=runs_out_at,
    )


def spent_between(hourly: Hourly, start: datetime, end: datetime, *, now: datetime) -> Money:
    """What the hours cost that lie between, an hour in part by its share; the hour of ``now`` has lasted until now."""
    total = 0.0
    for hour, money in hourly.items():
        lasts = HOUR if hour + HOUR <= now else max(now - hour, MOMENT)
        ends = hour + lasts if end >= now else min(hour + lasts, end)
        total += money.micro_usd * max(0.0, (ends - max(hour, start)) / lasts)
    return Money(round(total))


def _profile(hourly: Hourly, since: datetime, now: datetime) -> dict[int, float]:
    """The mean spending of each hour of the week, in micro-dollars; each was seen as often as the weeks began."""
    sums: dict[int, float] = {}
    for hour, money in hourly.items():
        if since <= hour < _hour(now):
            sums[_slot(hour)] = sums.get(_slot(hour), 0.0) + money.micro_usd
    weeks = max((now - since) / (HOURS_OF_WEEK * HOUR), 1.0)
    return {slot: total / weeks for slot, total in sums.items()}


def _scale(profile: Mapping[int, float], hourly: Hourly, starts_at: datetime, now: datetime) -> float:
    """How the period so far compares with what its hours used to cost."""
    used_to = 0.0
    moment = _hour(starts_at)
    while moment < _hour(now):
        used_to += profile.get(_slot(moment), 0.0)
        moment += HOUR
    cost = spent_between(hourly, _hour(starts_at), _hour(now), now=now).micro_usd
    if not used_to or not cost:
        return 1.0
    return min(LARGEST_SCALE, max(1 / LARGEST_SCALE, cost / used_to))


def _confidence(hourly: Hourly, since: datetime, now: datetime) -> Confidence:
    if now - since < ENOUGH:
        return Confidence.LOW
    weeks = _sums(hourly, since, now, timedelta(days=7))
    mean, spread = _mean(weeks), _spread(weeks)
    is_steady = now - since >= HISTORY - HOUR and mean > 0 and spread / mean <= STEADY
    return Confidence.HIGH if is_steady else Confidence.MEDIUM


def _days_left(budget: Budget, hourly: Hourly, now: datetime) -> float | None:
    a_day = spent_between(hourly, now - 24 * HOUR, now, now=now).micro_usd
    if not budget.is_limited or not a_day:
        return None
    return max(budget.headroom, ZERO).micro_usd / a_day


def _sums(hourly: Hourly, since: datetime, now: datetime, step: timedelta) -> list[float]:
    """The spending of each whole step back from now."""
    ends = [now - number * step for number in range(int((now - since) / step))]
    return [float(spent_between(hourly, end - step, end, now=now).micro_usd) for end in ends]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _spread(values: list[float]) -> float:
    """The standard deviation of a sample."""
    if len(values) < 2:
        return 0.0
    mean = _mean(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _slot(moment: datetime) -> int:
    """The hour of the week, Monday 00:00 UTC being 0."""
    return moment.weekday() * 24 + moment.hour
