"""Hours of a week on somebody's own clock."""

import re
from collections.abc import Iterable, Sequence
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


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WRITTEN = re.compile(r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?\s+(?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)")


def read_week(texts: Iterable[str]) -> Week:
    """Hours as people write them, such as ``mon-fri 09:00-17:30`` and ``sat 10:00-12:00``.

    Raises:
        Malformed: A text is written otherwise.
    """
    return tuple(day for text in texts for day in _days(text))


def _days(text: str) -> Iterable[DayHours]:
    parts = _WRITTEN.fullmatch(text.strip().lower())
    named = [day for day in (parts["first"], parts["last"] or parts["first"]) if day in DAYS] if parts else []
    if parts is None or len(named) < 2:
        raise Malformed(f"{text!r} are no hours: write them like 'mon-fri 09:00-17:30'")
    first, last = (DAYS.index(day) for day in named)
    days = range(first, last + 1) if first <= last else [*range(first, 7), *range(last + 1)]
    kept = [{"weekday": day, "opens": parts["opens"], "closes": parts["closes"]} for day in days]
    return week_of_json(kept)


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
