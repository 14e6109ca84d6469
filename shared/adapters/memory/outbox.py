"""Messages in memory."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from shared.adapters.memory.store import MemoryStore, Waiting
from shared.kernel.outbox import DeadMessage, NewMessage, OutboxMessage


class MemoryOutbox:
    """The outbox of a ``MemoryStore``; keeps the promises of ``storage.outbox.SqlOutbox``."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def put(self, messages: Sequence[NewMessage], now: datetime) -> None:
        """Write messages; those without a time are due at ``now``."""
        with self._store.lock:
            self._store.put_messages(*messages, default=now)

    def lease(self, *, topic: str, now: datetime, lease_for: timedelta, limit: int) -> list[OutboxMessage]:
        """Up to ``limit`` due messages, each group's oldest first, hidden until ``now + lease_for``."""
        with self._store.lock:
            due = [each for each in self._store.messages if each.message.topic == topic and _is_due(each, now)]
            places: Counter[str | None] = Counter()
            ranked = []
            for seq, each in enumerate(due):
                places[each.message.group] += 1
                ranked.append((places[each.message.group], seq, each))
            taken = sorted(sorted(ranked, key=lambda item: item[:2])[:limit], key=lambda item: item[1])
            for _, _, each in taken:
                each.lease_until = now + lease_for
                each.receives += 1
            return [_message(each, now) for _, _, each in taken]

    def lease_any(
        self, *, topics: Collection[str], now: datetime, lease_for: timedelta, limit: int
    ) -> list[OutboxMessage]:
        """Up to ``limit`` due messages of these topics, oldest first, hidden until ``now + lease_for``."""
        with self._store.lock:
            due = [each for each in self._store.messages if each.message.topic in topics and _is_due(each, now)]
            for each in due[:limit]:
                each.lease_until = now + lease_for
                each.receives += 1
            return [_message(each, now) for each in due[:limit]]

    def done(self, ids: Sequence[str]) -> None:
        """Forget messages that were dealt with."""
        with self._store.lock:
            self._store.messages = [each for each in self._store.messages if each.id not in set(ids)]

    def failed(self, message_id: str, *, now: datetime, retry_in: timedelta, max_receives: int, error: str) -> bool:
        """Offer the message again after ``retry_in``, or lay it aside; whether it was laid aside."""
        with self._store.lock:
            for each in self._store.messages:
                if each.id != message_id or each.dead_at is not None:
                    continue
                each.error = error
                each.lease_until = None
                if each.receives >= max_receives:
                    each.dead_at = now
                    return True
                each.available_at = now + retry_in
            return False

    def dead(self) -> Sequence[DeadMessage]:
        """Every message that was laid aside, oldest first."""
        with self._store.lock:
            return [
                DeadMessage(message=_message(each, each.dead_at), dead_at=each.dead_at, error=each.error)
                for each in self._store.messages
                if each.dead_at is not None
            ]

    def waiting(self) -> dict[str, int]:
        """How many messages of each topic are not dealt with yet, the dead left out."""
        with self._store.lock:
            return dict(Counter(each.message.topic for each in self._store.messages if each.dead_at is None))

    def redrive(self, ids: Sequence[str]) -> int:
        """Offer dead messages again as if they were new; how many there were."""
        with self._store.lock:
            dead = [each for each in self._store.messages if each.id in set(ids) and each.dead_at is not None]
            for each in dead:
                each.dead_at = each.available_at = None
                each.receives = 0
            return len(dead)


def _is_due(waiting: Waiting, now: datetime) -> bool:
    return (
        waiting.dead_at is None
        and (waiting.available_at is None or waiting.available_at <= now)
        and (waiting.lease_until is None or waiting.lease_until <= now)
    )


def _message(waiting: Waiting, now: datetime) -> OutboxMessage:
    return OutboxMessage(
        id=waiting.id,
        topic=waiting.message.topic,
        group=waiting.message.group,
        body=waiting.message.body,
        receives=waiting.receives,
        available_at=waiting.available_at or now,
    )
