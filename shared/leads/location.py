"""Where a person is, as far as their number and their record tell: every plausible place, never one guess."""

import re

from shared.leads.lead import Lead
from shared.leads.places import Zones, places

NORTH_AMERICAN = re.compile(r"\+1(\d{3})\d{7}")


def zones_of(phone: str) -> Zones:
    """Every IANA zone that a person with this number (E.164) plausibly keeps; empty when nothing is known.

    Unknown is not invalid: numbers of other countries and of new area codes give an empty answer too.
    """
    place = _place(phone)
    return place[1] if place else ()


def states_of(phone: str) -> tuple[str, ...]:
    """The state (two letters) that the number plan gives the number to; empty when none is known."""
    place = _place(phone)
    return (place[0],) if place else ()


def plausible_states(lead: Lead) -> tuple[str, ...]:
    """The lead's own state and that of the number: the strictest of both counts."""
    own = (lead.state,) if lead.state else ()
    return tuple(dict.fromkeys(own + states_of(lead.phone)))


def plausible_zones(lead: Lead) -> Zones:
    """Every zone the lead may be in; empty when nothing is known, and then nobody may ring.

    The lead's own zone comes first; without one, all zones of their state and of their number count. The number's
    zones count beside an own zone where a state presumes that its numbers ring in it.
    """
    of_number = zones_of(lead.phone)
    if lead.timezone is None:
        state = places().states.get(lead.state or "")
        return tuple(dict.fromkeys((state.zones if state else ()) + of_number))
    is_presumed = not places().presumed_states.isdisjoint(states_of(lead.phone))
    return tuple(dict.fromkeys((lead.timezone, *(of_number if is_presumed else ()))))


def _place(phone: str) -> tuple[str, Zones] | None:
    parts = NORTH_AMERICAN.fullmatch(phone)
    return places().of_area_code(parts[1]) if parts else None
