"""When a lead is rung again: the cadence's delay, moved on to the next hour at which a phone may ring."""

from datetime import datetime

from shared.campaigns.cadence import Cadence
from shared.campaigns.calling_hours import calling_hours
from shared.leads import Lead
from shared.leads.location import plausible_states, plausible_zones


def next_attempt_at(lead: Lead, disposition: str, *, cadence: Cadence, now: datetime) -> datetime | None:
    """When to ring the lead again (aware UTC), or ``None`` when the cadence is done with this lead.

    A lead of whom no zone is known keeps the bare delay; the permission refuses the call in its own words.
    """
    delay = cadence.next_delay(disposition, attempts=lead.attempts)
    if delay is None:
        return None
    earliest = now + delay
    return calling_hours().next_opening(earliest, plausible_zones(lead), plausible_states(lead)) or earliest
