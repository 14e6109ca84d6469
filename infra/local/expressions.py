"""EventBridge's schedule expressions: ``rate(5 minutes)`` and ``cron(0 9 ? * MON-FRI *)``."""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.kernel.errors import Malformed

UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
WEEKDAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), start=1)}
LOOK_AHEAD_DAYS = 5 * 366


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Every ``every``, beginning at once."""

    every: timedelta

    def first(self, now: datetime) -> datetime:
        """When it runs for the first time, seen from the start."""
        return now

    def after(self, moment: datetime) -> datetime:
        """When it runs next after it was due at ``moment``."""
        return moment + self.every


@dataclass(frozen=True, kw_only=True)
class Cron:
    """At given minutes, hours and days in a time zone.

    A time that the spring change skips does not run; one that the autumn change repeats runs once.
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    last_day: bool
    months: frozenset[int]
    weekdays: frozenset[int]
    years: frozenset[int]
    zone: ZoneInfo

    def first(self, now: datetime) -> datetime:
        """When it runs for the first time, seen from the start."""
        return self.after(now)

    def after(self, moment: datetime) -> datetime:
        """The first run strictly after ``moment``, in UTC.

        Raises:
            Malformed: The expression names no moment of the next five years.
        """
        start = moment.astimezone(self.zone).date()
        for offset in range(LOOK_AHEAD_DAYS):
            day = start + timedelta(days=offset)
            if self._fits(day):
                for run in self._runs(day):
                    if run > moment:
                        return run
        raise Malformed("the schedule names no moment of the next five years")

    def _fits(self, day: date) -> bool:
        is_last = self.last_day and day.day == calendar.monthrange(day.year, day.month)[1]
        weekday = day.isoweekday() % 7 + 1
        return (
            day.year in self.years
            and day.month in self.months
            and (day.day in self.days or is_last)
            and weekday in self.weekdays
        )

    def _runs(self, day: date) -> Iterator[datetime]:
        for hour in sorted(self.hours):
            for minute in sorted(self.minutes):
                local = datetime.combine(day, time(hour, minute), self.zone)
                run = local.astimezone(UTC)
                if run.astimezone(self.zone).replace(tzinfo=None) == local.replace(tzinfo=None):
                    yield run


def parse_expression(expression: str, *, timezone: str = "UTC") -> Rate | Cron:
    """Read a schedule expression.

    Raises:
        Malformed: It is none, or uses ``W`` or ``#``, which nothing here needs.
    """
    rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression)
    if rate and int(rate[1]):
        return Rate(every=int(rate[1]) * UNITS[rate[2]])
    cron = re.fullmatch(r"cron\((.+)\)", expression)
    fields = cron[1].split() if cron else []
    if len(fields) != 6:
        raise Malformed(f"{expression!r} is neither rate(5 minutes) nor cron(0 9 ? * MON-FRI *)")
    try:
        return _cron(fields, ZoneInfo(timezone))
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise Malformed(f"{expression!r} in {timezone!r} cannot be read: {error}") from error


def _cron(fields: Sequence[str], zone: ZoneInfo) -> Cron:
    minutes, hours, days, months, weekdays, years = (text.upper() for text in fields)
    return Cron(
        minutes=_numbers(minutes, 0, 59),
        hours=_numbers(hours, 0, 23),
        days=frozenset() if days == "L" else _numbers(days, 1, 31),
        last_day=days == "L",
        months=_numbers(months, 1, 12, MONTHS),
        weekdays=_numbers(weekdays, 1, 7, WEEKDAYS),
        years=_numbers(years, 1970, 2199),
        zone=zone,
    )


def _numbers(text: str, lowest: int, highest: int, names: dict[str, int] | None = None) -> frozenset[int]:
    """The numbers that one field of a cron expression stands for."""
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        if span in ("*", "?"):
            first, last = lowest, highest
        else:
            ends = [(names or {}).get(end) or int(end) for end in span.split("-", 1)]
            first, last = ends[0], highest if step and len(ends) == 1 else ends[-1]
        if not lowest <= first <= last <= highest:
            raise ValueError(f"{part} is not within {lowest} to {highest}")
        found.update(range(first, last + 1, int(step or 1)))
    return frozenset(found)
