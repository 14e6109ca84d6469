"""``DeadLetters`` of one machine: rows of the outbox that were laid aside."""

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from shared.kernel.outbox import DeadMessage


class Outbox(Protocol):
    """The outbox, as whoever looks after its dead sees it."""

    def dead(self) -> Sequence[DeadMessage]:
        """Every message that was laid aside, oldest first."""
        ...

    def redrive(self, ids: Sequence[str]) -> int:
        """Offer dead messages again as if they were new; how many there were."""
        ...


class OutboxDeadLetters:
    """The dead messages of one outbox; the topics are those that have some."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def topics(self) -> dict[str, int]:
        return dict(Counter(dead.message.topic for dead in self._outbox.dead()))

    def look(self, topic: str, *, limit: int = 10) -> Sequence[DeadMessage]:
        return self._of(topic)[:limit]

    def redrive(self, topic: str) -> int:
        return self._outbox.redrive([dead.message.id for dead in self._of(topic)])

    def _of(self, topic: str) -> list[DeadMessage]:
        return [dead for dead in self._outbox.dead() if dead.message.topic == topic]
