"""A time as people say it: a day or a few, perhaps an hour, perhaps a stretch of the day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

CALL_FROM = time(9)
CALL_UNTIL = time(20)


@dataclass(frozen=True, kw_only=True)
class When:
    """A spoken time on the person's own clock; what was not said is ``None``.

    ``first_day`` and ``last_day`` are both set or both not, inclusive. ``at`` is an exact time; ``is_loose`` says
    that morning or afternoon was guessed. ``starts`` is inclusive, ``ends`` exclusive. ``moment`` (aware) is a time
    said from now on, such as "in an hour".
    """

    first_day: date | None = None
    last_day: date | None = None
    at: time | None = None
    is_loose: bool = False
    starts: time | None = None
    ends: time | None = None
    moment: datetime | None = None

    @property
    def has_time(self) -> bool:
        """Whether more than a day was said."""
        return any(part is not None for part in (self.at, self.starts, self.ends, self.moment))

    def fits(self, local: datetime) -> bool:
        """Whether a start at ``local`` (the person's clock) is what was meant."""
        if self.moment is not None:
            return abs(local - self.moment) <= timedelta(minutes=30)
        if self.first_day and self.last_day and not self.first_day <= local.date() <= self.last_day:
            return False
        clock = local.time().replace(second=0, microsecond=0)
        if self.at is not None:
            same_half = clock == self.at
            other_half = self.is_loose and (clock.hour + 12) % 24 == self.at.hour and clock.minute == self.at.minute
            return same_half or other_half
        return (self.starts is None or clock >= self.starts) and (self.ends is None or clock < self.ends)

    def callback(self, now: datetime) -> datetime:
        """The moment to call back, aware on the zone of ``now``: always ahead, and at an hour one may call."""
        if self.moment is not None:
            wanted = self.moment
        else:
            clock = self.at or self.starts or (CALL_FROM if self.ends else now.time())
            day = self.first_day or now.date()
            wanted = datetime.combine(day, clock.replace(second=0, microsecond=0, tzinfo=None), now.tzinfo)
            if wanted <= now:
                wanted += timedelta(days=1 if self.first_day in (None, now.date()) else 7)
        return within_hours(wanted)


def within_hours(local: datetime) -> datetime:
    """The same moment, moved to the nearest later hour at which one may call."""
    if local.time() < CALL_FROM:
        return local.replace(hour=CALL_FROM.hour, minute=0, second=0, microsecond=0)
    if local.time() >= CALL_UNTIL:
        following = local + timedelta(days=1)
        return following.replace(hour=CALL_FROM.hour, minute=0, second=0, microsecond=0)
    return local.replace(second=0, microsecond=0)
