"""Dates, times and zones in the form they are spoken."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_ZONE_NAMES = {
    "EST": "Eastern", "EDT": "Eastern", "CST": "Central", "CDT": "Central", "MST": "Mountain", "MDT": "Mountain",
    "PST": "Pacific", "PDT": "Pacific", "AKST": "Alaska", "AKDT": "Alaska", "HST": "Hawaii", "HDT": "Hawaii",
}  # fmt: skip


def spoken_day(day: date) -> str:
    """A day with its name: "Thursday, November 26th"."""
    return f"{day:%A}, {day:%B} {ordinal_number(day.day)}"


def spoken_month_day(day: date) -> str:
    """A day of the year: "November 26th"."""
    return f"{day:%B} {ordinal_number(day.day)}"


def spoken_time(moment: datetime) -> str:
    """A time of day: "2 PM", "2:30 PM", "noon"."""
    if (moment.hour, moment.minute) == (12, 0):
        return "noon"
    hour, half = moment.hour % 12 or 12, "AM" if moment.hour < 12 else "PM"
    return f"{hour}:{moment.minute:02d} {half}" if moment.minute else f"{hour} {half}"


def spoken_zone(moment: datetime) -> str:
    """The common name of the zone of an aware ``moment``, as "Central time"; "your time" where none is known."""
    name = _ZONE_NAMES.get(moment.tzname() or "")
    return f"{name} time" if name else "your time"


def spoken_slot(starts_at: datetime, *, timezone: ZoneInfo, now: datetime) -> str:
    """A time on offer: "tomorrow at 10 AM", "Thursday at 2 PM", later than six days ahead with its date."""
    local = starts_at.astimezone(timezone)
    ahead = local.date() - now.astimezone(timezone).date()
    if ahead == timedelta(0):
        day = "today"
    elif ahead == timedelta(days=1):
        day = "tomorrow"
    else:
        day = f"{local:%A}" if ahead < timedelta(days=7) else spoken_day(local.date())
    return f"{day} at {spoken_time(local)}"


def spoken_moment(moment: datetime, *, timezone: ZoneInfo) -> str:
    """A time that was agreed on: "Thursday, November 26th at 2 PM Central time"."""
    local = moment.astimezone(timezone)
    return f"{spoken_day(local.date())} at {spoken_time(local)} {spoken_zone(local)}"


def ordinal_number(number: int) -> str:
    """The number in its order: 1st, 2nd, 3rd, 4th."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
