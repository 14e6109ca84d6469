"""Plans and cadences as JSON values, and back; what an older version did not know has its default."""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from shared.campaigns.cadence import Cadence
from shared.campaigns.calling_plan import CallingPlan
from shared.kernel.errors import Malformed
from shared.kernel.week import week_as_json, week_of_json

VERSION = 1
_PLAN = TypeAdapter(CallingPlan)
_CADENCE = TypeAdapter(Cadence)


def plan_as_json(plan: CallingPlan) -> dict[str, Any]:
    """The plan as JSON values; durations are ISO 8601, money whole micro-dollars."""
    kept: dict[str, Any] = _PLAN.dump_python(plan, mode="json")
    return kept | {"version": VERSION, "hours": week_as_json(plan.hours)}


def plan_of_json(kept: dict[str, Any]) -> CallingPlan:
    """The plan that ``plan_as_json`` told of.

    Raises:
        Malformed: It tells of no plan.
    """
    told = {name: value for name, value in kept.items() if name != "version"}
    try:
        return _PLAN.validate_python(told | {"hours": week_of_json(kept.get("hours", ()))})
    except ValidationError as error:
        raise Malformed(f"the calling plan cannot be read: {error}") from error


def cadence_as_json(cadence: Cadence) -> dict[str, Any]:
    """The cadence as JSON values, its delays in seconds."""
    kept: dict[str, Any] = _CADENCE.dump_python(cadence, mode="json", exclude={"delays"})
    delays = {disposition: delay.total_seconds() for disposition, delay in cadence.delays.items()}
    return kept | {"delay_seconds": delays, "spread": sorted(cadence.spread)}


def cadence_of_json(kept: dict[str, Any]) -> Cadence:
    """The cadence that ``cadence_as_json`` told of.

    Raises:
        Malformed: It tells of no cadence.
    """
    told = {name: value for name, value in kept.items() if name != "delay_seconds"}
    try:
        return _CADENCE.validate_python(told | {"delays": kept["delay_seconds"]})
    except (KeyError, ValidationError) as error:
        raise Malformed(f"the cadence cannot be read: {error}") from error
