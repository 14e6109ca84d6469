"""Messages that nobody could handle, for a person to look at and to offer again."""

from collections.abc import Sequence
from typing import Protocol

from shared.kernel.outbox import DeadMessage


class DeadLetters(Protocol):
    """Where dead messages lie: rows of the outbox, or a queue beside each queue."""

    def topics(self) -> dict[str, int]:
        """How many there are of each topic; a topic without any may be left out."""
        ...

    def look(self, topic: str, *, limit: int = 10) -> Sequence[DeadMessage]:
        """Some of a topic's, without taking them away. A queue shows any, the outbox the oldest.

        Raises:
            NotFound: There is no such topic.
            Unavailable: They cannot be reached.
        """
        ...

    def redrive(self, topic: str) -> int:
        """Offer all of a topic's again, as if they were new; how many those were, by a queue's own estimate.

        Raises:
            NotFound: There is no such topic.
            Conflict: They are on their way back already.
            Unavailable: They cannot be reached.
        """
        ...
