"""Where a person is, as far as their record and their number tell: every plausible place, never one guess."""

import re
from collections.abc import Iterator, Sequence

from shared.leads.lead import Lead
from shared.leads.places import Zones, places
from shared.leads.whereabouts import Evidence, Whereabouts
from shared.leads.zip_codes import zip_codes

NORTH_AMERICAN = re.compile(r"\+1(\d{3})\d{7}")
STATE_AND_ZIP = re.compile(r"\b([A-Z]{2}),?\s+(\d{5})(?:-\d{4})?\b")


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


def whereabouts_of(lead: Lead) -> tuple[Whereabouts, ...]:
    """All that speaks for a place, the strongest evidence first.

    A zone that the person told us themselves replaces every other zone, but for those of a number whose state presumes
    that its numbers ring in it. A zone from a list only chooses among those of the lead's address; the states of the
    address and of the number always count.
    """
    told = lead.timezone if lead.zone_confirmed_at else None
    found = tuple(_found(lead))
    if told is None:
        return found
    presumed = not places().presumed_states.isdisjoint(states_of(lead.phone))
    kept = tuple(
        each
        if presumed and each.evidence is Evidence.NUMBER_PLAN
        else Whereabouts(evidence=each.evidence, states=each.states)
        for each in found
        if each.states
    )
    return (Whereabouts(evidence=Evidence.TOLD_ON_CALL, zones=(told,)), *kept)


def states_at(places_found: Sequence[Whereabouts]) -> tuple[str, ...]:
    """Every state that may be meant; the strictest of their laws counts."""
    return tuple(dict.fromkeys(state for each in places_found for state in each.states))


def zones_at(places_found: Sequence[Whereabouts]) -> Zones:
    """Every zone that may be meant; empty when nothing is known, and then nobody may ring."""
    return tuple(dict.fromkeys(zone for each in places_found for zone in each.zones))


def plausible_states(lead: Lead) -> tuple[str, ...]:
    """Every state that the lead may be in."""
    return states_at(whereabouts_of(lead))


def plausible_zones(lead: Lead) -> Zones:
    """Every zone that the lead may be in."""
    return zones_at(whereabouts_of(lead))


def _found(lead: Lead) -> Iterator[Whereabouts]:
    by_zip = zip_codes().place_of(lead.postal_code or "")
    state = places().states.get(lead.state or "")
    address: Zones = by_zip[1] if by_zip else ()
    if state is not None and (by_zip is None or by_zip[0] != lead.state):
        address += state.zones
    narrowed = (lead.timezone,) if lead.timezone in address else address
    if by_zip is not None:
        yield Whereabouts(evidence=Evidence.ZIP, states=(by_zip[0],), zones=narrowed)
    if lead.state:
        yield Whereabouts(evidence=Evidence.STATE, states=(lead.state,), zones=() if by_zip else narrowed)
    if lead.timezone and lead.timezone not in address and lead.zone_confirmed_at is None:
        yield Whereabouts(evidence=Evidence.LIST_ZONE, zones=(lead.timezone,))
    for letters, code in STATE_AND_ZIP.findall(lead.subject):
        place = zip_codes().place_of(code)
        if place is not None and place[0] == letters:
            yield Whereabouts(evidence=Evidence.PROPERTY, states=(place[0],), zones=place[1])
    if _place(lead.phone):
        yield Whereabouts(evidence=Evidence.NUMBER_PLAN, states=states_of(lead.phone), zones=zones_of(lead.phone))


def _place(phone: str) -> tuple[str, Zones] | None:
    parts = NORTH_AMERICAN.fullmatch(phone)
    return places().of_area_code(parts[1]) if parts else None
