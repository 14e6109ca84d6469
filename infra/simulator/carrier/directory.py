"""What the carrier's look-ups know of numbers: their line, their carrier, and whether they changed hands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from shared.kernel.errors import Malformed

LineType = Literal[
    "landline",
    "mobile",
    "fixedVoip",
    "nonFixedVoip",
    "personal",
    "tollFree",
    "premium",
    "sharedCost",
    "uan",
    "voicemail",
    "pager",
    "unknown",
]


@dataclass(frozen=True, kw_only=True)
class NumberRecord:
    """One number. ``reassigned_on`` is when it last got another owner; ``has_history`` whether anybody keeps track."""

    line_type: LineType = "mobile"
    carrier_name: str = "Simulated Wireless"
    reassigned_on: date | None = None
    has_history: bool = True

    def is_reassigned_since(self, day: date) -> str:
        """``yes``, ``no`` or ``no_data_available``, as the Reassigned Numbers Database answers."""
        if not self.has_history:
            return "no_data_available"
        return "yes" if self.reassigned_on is not None and self.reassigned_on > day else "no"


ORDINARY = NumberRecord()


def read_record(values: Mapping[str, Any]) -> NumberRecord:
    """The record in JSON values; what is missing is as of an ordinary mobile number.

    Raises:
        Malformed: A value is unknown.
    """
    line_type = values.get("line_type", ORDINARY.line_type)
    if line_type not in get_args(LineType):
        raise Malformed(f"there is no line type {line_type!r}")
    reassigned = values.get("reassigned_on")
    try:
        reassigned_on = date.fromisoformat(reassigned) if reassigned else None
    except (TypeError, ValueError) as error:
        raise Malformed(f"{reassigned!r} is no date") from error
    return NumberRecord(
        line_type=line_type,
        carrier_name=str(values.get("carrier_name", ORDINARY.carrier_name)),
        reassigned_on=reassigned_on,
        has_history=bool(values.get("has_history", True)),
    )
