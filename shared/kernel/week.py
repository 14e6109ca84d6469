"""Hours of a week on somebody's own clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from shared.kernel.errors import Malformed


@dataclass(frozen=True, kw_only=True)
class DayHours:
    """One weekday's hours; Monday is 0; ``opens`` inclusive, ``closes`` exclusive."""

    weekday: int
    opens: time
    closes: time

    def __post_init__(self) -> None:
        """Refuse a day that does not exist or hours that end before they begin."""
        if not 0 <= self.weekday <= 6 or self.opens >= self.closes:
            raise Malformed(f"{self.weekday} {self.opens}-{self.closes} are no hours: 0 is Monday, open before close")


Week = tuple[DayHours, ...]
"""No hours at all mean that every hour will do."""


def week_as_json(week: Week) -> list[dict[str, Any]]:
    """The week as JSON values."""
    return [
        {"weekday": each.weekday, "opens": f"{each.opens:%H:%M}", "closes": f"{each.closes:%H:%M}"} for each in week
    ]


def week_of_json(kept: Sequence[dict[str, Any]]) -> Week:
    """The week that ``week_as_json`` told of.

    Raises:
        Malformed: It tells of no week.
    """
    try:
        return tuple(
            DayHours(
                weekday=int(each["weekday"]),
                opens=time.fromisoformat(each["opens"]),
                closes=time.fromisoformat(each["closes"]),
            )
            for each in kept
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed("the hours cannot be read: write weekday 0 to 6, opens and closes like 09:00") from error
