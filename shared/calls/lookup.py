"""What the carrier knows of our calls, and when it is asked for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.calls.attempt import CallAttempt
from shared.kernel.outbox import NewMessage

TOPIC = "reconcile"


@dataclass(frozen=True, kw_only=True)
class FoundCall:
    """A call as the carrier has it now; ``status`` is the carrier's word, as in its callbacks."""

    sid: str
    status: str
    created_at: datetime | None = None
    ended_at: datetime | None = None
    duration_seconds: int | None = None
    answered_by: str | None = None


class CallLookup(Protocol):
    """Something that knows which calls the carrier has. Implemented by ``adapters.twilio``."""

    def find(self, attempt: CallAttempt) -> Sequence[FoundCall]:
        """The attempt's call by its sid; without one, every call to its phone since it was dialled.

        Raises:
            Unavailable: The carrier failed; safe to repeat.
        """
        ...


def next_look(attempt: CallAttempt, at: datetime) -> NewMessage:
    """The message that has the attempt reconciled then; one of an older ``look`` than the attempt's is a double."""
    return NewMessage(topic=TOPIC, body={"attempt_id": attempt.id, "look": attempt.looks}, available_at=at)
