"""When to try again, by how the last attempt ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum


class PartOfDay(StrEnum):
    """The parts of a person's day; who was not reached in one is tried in another."""

    MORNING = "morning"
    MIDDAY = "midday"
    AFTERNOON = "afternoon"
    EVENING = "evening"

    @classmethod
    def at(cls, clock: time) -> "PartOfDay":
        """The part that a time of the person's clock lies in; the night counts as its neighbour."""
        return next((part for part, begins in reversed(_BEGINS) if clock >= begins), cls.MORNING)

    @property
    def begins(self) -> time:
        """When it begins, on the person's own clock."""
        return dict(_BEGINS)[self]


_BEGINS = (
    (PartOfDay.MORNING, time(0)),
    (PartOfDay.MIDDAY, time(11)),
    (PartOfDay.AFTERNOON, time(14)),
    (PartOfDay.EVENING, time(17)),
)


def default_delays() -> dict[str, timedelta]:
    """Waiting time by disposition; a disposition that is not named gets no further attempt."""
    return {
        "no_answer": timedelta(hours=4),
        "busy": timedelta(minutes=30),
        "voicemail": timedelta(hours=20),
        "mailbox_full": timedelta(hours=20),
        "ivr": timedelta(hours=24),
        "hung_up_early": timedelta(hours=24),
        "screened": timedelta(hours=24),
        "failed_technical": timedelta(minutes=15),
    }


NOT_REACHED = frozenset({"no_answer", "voicemail", "mailbox_full", "ivr", "hung_up_early", "screened"})


@dataclass(frozen=True, kw_only=True)
class Cadence:
    """How often and how soon a lead is tried again.

    ``spread`` names the dispositions after which the next attempt lands in another part of the person's day than the
    ones before; after the others (a busy line) the delay alone counts.
    """

    max_attempts: int = 6
    max_per_day: int = 2
    delays: Mapping[str, timedelta] = field(default_factory=default_delays)
    spread: frozenset[str] = NOT_REACHED

    def next_delay(self, disposition: str, *, attempts: int) -> timedelta | None:
        """How long to wait after ``disposition``, or ``None`` when the lead is not tried again."""
        return None if attempts >= self.max_attempts else self.delays.get(disposition)
