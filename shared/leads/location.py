"""Where a person is, as far as their record and their number tell: every plausible place, never one guess."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

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
    found = _found(
        _Said(
            phone=lead.phone,
            timezone=lead.timezone,
            state=lead.state,
            postal_code=lead.postal_code,
            subject=lead.subject,
            lists=lead.zone_confirmed_at is None,
        )
    )
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


@dataclass(frozen=True, kw_only=True)
class _Said:
    """What a lead's record says of their place; ``lists`` is whether the zone comes from a list."""

    phone: str
    timezone: str | None
    state: str | None
    postal_code: str | None
    subject: str
    lists: bool


@lru_cache(maxsize=1024)  # every decision about a lead asks several times
def _found(said: _Said) -> tuple[Whereabouts, ...]:
    return tuple(_evidence(said))


def _evidence(said: _Said) -> Iterator[Whereabouts]:
    by_zip = zip_codes().place_of(said.postal_code or "")
    state = places().states.get(said.state or "")
    address: Zones = by_zip[1] if by_zip else ()
    if state is not None and (by_zip is None or by_zip[0] != said.state):
        address += state.zones
    narrowed = (said.timezone,) if said.timezone in address else address
    if by_zip is not None:
        yield Whereabouts(evidence=Evidence.ZIP, states=(by_zip[0],), zones=narrowed)
    if said.state:
        yield Whereabouts(evidence=Evidence.STATE, states=(said.state,), zones=() if by_zip else narrowed)
    if said.timezone and said.timezone not in address and said.lists:
        yield Whereabouts(evidence=Evidence.LIST_ZONE, zones=(said.timezone,))
    for letters, code in STATE_AND_ZIP.findall(said.subject):
        place = zip_codes().place_of(code)
        if place is not None and place[0] == letters:
            yield Whereabouts(evidence=Evidence.PROPERTY, states=(place[0],), zones=place[1])
    if _place(said.phone):
        yield Whereabouts(evidence=Evidence.NUMBER_PLAN, states=states_of(said.phone), zones=zones_of(said.phone))


def _place(phone: str) -> tuple[str, Zones] | None:
    parts = NORTH_AMERICAN.fullmatch(phone)
    return places().of_area_code(parts[1]) if parts else None
