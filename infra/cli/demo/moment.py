"""When the demo takes place: a working day on which most of the country may be called, and Hawaii not yet."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

EAST = ZoneInfo("America/New_York")
NOON_OR_SO = time(12, 10)  # 10:10 in Denver, 9:10 in Phoenix at the earliest; 7:10 in Honolulu at the latest


def demo_moment(at: datetime) -> datetime:
    """The civil time to start at: the first working day's noon in the East that is not before ``at`` (aware)."""
    closed = holidays.country_holidays("US")
    day = at.astimezone(EAST).date()
    while True:
        moment = datetime.combine(day, NOON_OR_SO, EAST)
        if moment >= at and day.weekday() < 5 and day not in closed:
            return moment.astimezone(at.tzinfo)
        day += timedelta(days=1)
