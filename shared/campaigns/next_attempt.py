"""When a lead is rung again: the cadence's delay, moved on to an hour and a part of the day that suit."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from shared.campaigns.cadence import Cadence, PartOfDay
from shared.campaigns.calling_hours import calling_hours
from shared.campaigns.calling_rules import Window
from shared.campaigns.openings import Hours, meeting, next_opening
from shared.kernel.local_time import LocalClock, clock_of
from shared.kernel.week import Week
from shared.leads import Lead
from shared.leads.location import plausible_states, plausible_zones

LONGEST_DETOUR = timedelta(days=4)
"""So long a lead waits at most for another part of the day."""
END_OF_DAY = time(23, 59, 59)


def next_attempt_at(
    lead: Lead,
    disposition: str,
    *,
    cadence: Cadence,
    hours: Week = (),
    tried: Sequence[datetime] = (),
    now: datetime,
) -> datetime | None:
    """When to ring the lead again (aware UTC), or ``None`` when the cadence is done with this lead.

    ``hours`` are the campaign's own, ``tried`` the moments at which the lead was rung until now. A lead of whom no
    zone is known keeps the bare delay; the permission refuses the call in its own words.
    """
    delay = cadence.next_delay(disposition, attempts=lead.attempts)
    if delay is None:
        return None
    earliest = now + delay
    clocks, open_hours = _day_of(lead, hours, around=earliest)
    moment = next_opening(earliest, clocks, open_hours) or earliest
    if disposition not in cadence.spread or not clocks or not tried:
        return moment
    for parts in _preferred(tried, clocks[0]):
        openings = [next_opening(earliest, clocks, _within(open_hours, part)) for part in parts]
        found = min((each for each in openings if each), default=None)
        if found is not None and found <= moment + LONGEST_DETOUR:
            return found
    return moment


def allowed_from(lead: Lead, moment: datetime, *, hours: Week = ()) -> datetime:
    """The first moment from ``moment`` on at which the rules let the lead's phone ring; as it is where none is known.

    A moment of the past stands: whether it is too late for it is not a question of hours.
    """
    clocks, open_hours = _day_of(lead, hours, around=moment)
    return next_opening(moment, clocks, open_hours) or moment


def _day_of(lead: Lead, hours: Week, *, around: datetime) -> tuple[list[LocalClock], Hours]:
    """The clocks that the lead may live by, and the hours at which law, campaign and lead let a phone ring."""
    clocks = [clock_of(zone, around=around) for zone in plausible_zones(lead)]
    law = calling_hours().law_for(plausible_states(lead), on=around.date())
    return clocks, law.hours_within(hours, lead.hours)


def _preferred(tried: Sequence[datetime], clock: LocalClock) -> Iterator[list[PartOfDay]]:
    """The parts of the day but the latest one, the least tried first, in groups of equals."""
    parts = [PartOfDay.at(clock.local(moment).time()) for moment in sorted(tried)]
    counts = Counter(parts)
    for count in sorted({counts[part] for part in PartOfDay}):
        yield [part for part in PartOfDay if counts[part] == count and part is not parts[-1]]


def _within(hours: Hours, part: PartOfDay) -> Hours:
    window = Window(opens=part.begins, closes=_END[part])

    def both(day: date) -> Sequence[Window]:
        return meeting(hours(day), (window,))

    return both


_END = {part: later.begins for part, later in zip(PartOfDay, [*PartOfDay][1:], strict=False)} | {
    PartOfDay.EVENING: END_OF_DAY
}
