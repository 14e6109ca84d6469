"""A zone's clock around one moment, as data: what it says does not change with newer time zone tables."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

BEFORE, AFTER = timedelta(days=2), timedelta(days=20)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class LocalClock:
    """The clock of ``zone`` (IANA). ``offsets``: from which moment (aware UTC) it is how many seconds ahead of UTC.

    The first offset holds for everything before the second, the last for everything after it.
    """

    zone: str
    offsets: tuple[tuple[datetime, int], ...]

    def local(self, moment: datetime) -> datetime:
        """What the clock on the wall says, without a zone."""
        return (moment.astimezone(UTC) + timedelta(seconds=self._offset(moment))).replace(tzinfo=None)

    def instant(self, day: date, at: time) -> datetime:
        """When the clock on the wall shows that time, in UTC; the first time, where it shows it twice.

        A time that the clock jumps over gives the moment of the jump.
        """
        wall = datetime.combine(day, at, UTC)
        for since, seconds in self.offsets:
            moment = wall - timedelta(seconds=seconds)
            if self._offset(moment) == seconds:
                return moment
            if moment < since:
                return since
        return wall - timedelta(seconds=self.offsets[-1][1])

    def _offset(self, moment: datetime) -> int:
        if len(self.offsets) == 1:
            return self.offsets[0][1]
        place = bisect_right(self.offsets, moment, key=lambda each: each[0])
        return self.offsets[max(place - 1, 0)][1]


def clock_of(zone: str, *, around: datetime) -> LocalClock:
    """The zone's clock from two days before ``around`` to twenty days after it."""
    return _clock(zone, around.astimezone(UTC).date())


@lru_cache(maxsize=512)
def _clock(zone: str, day: date) -> LocalClock:
    place = ZoneInfo(zone)
    first = datetime.combine(day, time(), UTC) - BEFORE
    offsets = [(first, _seconds(first, place))]
    for ahead in range(1, (BEFORE + AFTER).days + 1):
        end = first + timedelta(days=ahead)
        if _seconds(end, place) != offsets[-1][1]:
            offsets.append(_change(end - timedelta(days=1), end, place))
    return LocalClock(zone=zone, offsets=tuple(offsets))


def _change(before: datetime, after: datetime, place: ZoneInfo) -> tuple[datetime, int]:
    """The first minute of the new offset."""
    new = _seconds(after, place)
    while after - before > MINUTE:
        middle = before + (after - before) // 2 // MINUTE * MINUTE
        if _seconds(middle, place) == new:
            after = middle
        else:
            before = middle
    return after, new


def _seconds(moment: datetime, place: ZoneInfo) -> int:
    offset = moment.astimezone(place).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
