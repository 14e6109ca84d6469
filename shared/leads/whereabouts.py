"""Where a person may be, and how we come to think so."""

from dataclasses import dataclass
from enum import StrEnum


class Evidence(StrEnum):
    """How a place is known, the strongest first."""

    TOLD_ON_CALL = "told_on_call"
    ZIP = "zip"
    STATE = "state"
    LIST_ZONE = "list_zone"
    PROPERTY = "property"
    NUMBER_PLAN = "number_plan"


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """One piece of evidence: the states (two letters) and the zones (IANA) that it leaves open."""

    evidence: Evidence
    states: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
