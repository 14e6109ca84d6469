"""When to try again, by how the last attempt ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta


def default_delays() -> dict[str, timedelta]:
    """Waiting time by disposition; a disposition that is not named gets no further attempt."""
    return {
        "no_answer": timedelta(hours=4),
        "busy": timedelta(minutes=30),
        "voicemail": timedelta(hours=20),
        "hung_up_early": timedelta(hours=24),
        "screened": timedelta(hours=24),
        "failed_technical": timedelta(minutes=15),
    }


@dataclass(frozen=True, kw_only=True)
class Cadence:
    """How often and how soon a lead is tried again."""

    max_attempts: int = 6
    max_per_day: int = 2
    delays: Mapping[str, timedelta] = field(default_factory=default_delays)

    def next_delay(self, disposition: str, *, attempts: int) -> timedelta | None:
        """How long to wait after ``disposition``, or ``None`` when the lead is not tried again."""
        return None if attempts >= self.max_attempts else self.delays.get(disposition)
