"""When phones may ring on several clocks at once: open where every one of them is open."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial, reduce

from shared.campaigns.calling_rules import Window
from shared.kernel.local_time import LocalClock
from shared.kernel.week import Week

LONGEST_WAIT = timedelta(days=14)
Hours = Callable[[date], Sequence[Window]]
"""The hours of a day on the person's own clock, none when nobody is rung."""


def is_open(now: datetime, clocks: Sequence[LocalClock], hours: Hours) -> bool:
    """Whether every clock shows one of its hours; no clock at all is never open."""
    return bool(clocks) and all(_window(now, clock, hours) is not None for clock in clocks)


def next_opening(now: datetime, clocks: Sequence[LocalClock], hours: Hours) -> datetime | None:
    """The first moment from ``now`` on (``now`` itself included) that is open, in UTC.

    ``None`` without a clock, or when no common moment comes within 14 days.
    """
    moment = now.astimezone(UTC)
    while clocks and moment <= now + LONGEST_WAIT:
        opening: datetime | None = moment
        for clock in clocks:
            opening = _opening(opening, clock, hours) if opening else None
        if opening is None or opening == moment:
            return opening
        moment = opening
    return None


def closes_at(now: datetime, clocks: Sequence[LocalClock], hours: Hours) -> datetime | None:
    """The first moment after ``now`` at which some clock leaves its hours, in UTC; ``None`` when it is closed now."""
    ends = []
    for clock in clocks:
        local = clock.local(now)
        window = _window_at(local, hours)
        if window is None:
            return None
        ends.append(clock.instant(local.date(), window.closes))
    return min(ends, default=None)


def meeting(some: Sequence[Window], others: Sequence[Window]) -> tuple[Window, ...]:
    """The hours that are in both."""
    met = (one.meets(other) for one in some for other in others)
    return tuple(window for window in met if window is not None)


def hours_in_week(week: Week) -> Hours | None:
    """The hours of a week, or ``None`` when every hour will do."""
    return partial(_of_week, week) if week else None


def hours_of_weeks(*weeks: Week) -> Hours | None:
    """The hours that are in every week that names any, or ``None`` when every hour will do."""
    named = [own for own in map(hours_in_week, weeks) if own is not None]
    return reduce(both, named) if named else None


def both(some: Hours, others: Hours) -> Hours:
    """The hours that are in both."""
    return lambda day: meeting(some(day), others(day))


def joined(windows: Sequence[Window]) -> tuple[Window, ...]:
    """The same hours in order, those that touch or overlap as one."""
    told: list[Window] = []
    for window in sorted(windows, key=lambda each: each.opens):
        if told and window.opens <= told[-1].closes:
            told[-1] = Window(opens=told[-1].opens, closes=max(told[-1].closes, window.closes))
        else:
            told.append(window)
    return tuple(told)


def _of_week(week: Week, day: date) -> tuple[Window, ...]:
    return joined([Window(opens=each.opens, closes=each.closes) for each in week if each.weekday == day.weekday()])


def _window(now: datetime, clock: LocalClock, hours: Hours) -> Window | None:
    return _window_at(clock.local(now), hours)


def _window_at(local: datetime, hours: Hours) -> Window | None:
    time = local.time()
    for window in hours(local.date()):
        if window.opens <= time < window.closes:
            return window
    return None


def _opening(now: datetime, clock: LocalClock, hours: Hours) -> datetime | None:
    if _window(now, clock, hours) is not None:
        return now
    first = clock.local(now).date()
    for ahead in range(LONGEST_WAIT.days + 1):
        day = first + timedelta(days=ahead)
        for window in hours(day):
            opening = clock.instant(day, window.opens)
            if opening > now and _window(opening, clock, hours) is not None:
                return opening
    return None
