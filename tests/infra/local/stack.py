"""The small stack of these tests, and an outbox in memory to run it on."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from infra.local.template import Template, read_template
from shared.kernel.outbox import OutboxMessage

SMALL_TEMPLATE = Path(__file__).with_name("small_template.yaml")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def small_stack() -> Template:
    return read_template(SMALL_TEMPLATE)


def eventually(condition: Callable[[], bool], *, seconds: float = 10) -> bool:
    """Whether ``condition`` holds within the given time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.01)
    return condition()


@dataclass
class SettableClock:
    """A clock that stands still until it is set."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment


@dataclass
class MemoryOutbox:
    """An outbox that keeps the promises of ``MessageStore`` in memory."""

    due_messages: dict[str, OutboxMessage] = field(default_factory=dict)
    hidden_until: dict[str, datetime] = field(default_factory=dict)
    finished: list[str] = field(default_factory=list)
    laid_aside: dict[str, str] = field(default_factory=dict)
    leases: list[timedelta] = field(default_factory=list)
    retries: list[timedelta] = field(default_factory=list)
    breaks_once: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, topic: str, name: str, *, group: str | None = None, note: str = "") -> None:
        with self.lock:
            self.due_messages[name] = OutboxMessage(
                id=name, topic=topic, group=group, body={"note": note}, receives=0, available_at=NOON
            )

    def due(self, topics: Sequence[str], *, now: datetime) -> set[str]:
        with self.lock:
            waiting = [each for each in self.due_messages.values() if self.hidden_until.get(each.id, NOON) <= now]
            return {each.topic for each in waiting} & set(topics)

    def lease(self, *, topic: str, now: datetime, lease_for: timedelta, limit: int) -> list[OutboxMessage]:
        with self.lock:
            if self.breaks_once:
                self.breaks_once = False
                raise ConnectionError("the database went away")
            ready = [
                message
                for message in self.due_messages.values()
                if message.topic == topic and self.hidden_until.get(message.id, NOON) <= now
            ][:limit]
            for message in ready:
                self.hidden_until[message.id] = now + lease_for
                self.due_messages[message.id] = replace(message, receives=message.receives + 1)
                self.leases.append(lease_for)
            return [self.due_messages[message.id] for message in ready]

    def done(self, ids: Sequence[str]) -> None:
        with self.lock:
            for name in ids:
                del self.due_messages[name]
                self.finished.append(name)

    def failed(self, message_id: str, *, now: datetime, retry_in: timedelta, max_receives: int, error: str) -> bool:
        with self.lock:
            self.retries.append(retry_in)
            if self.due_messages[message_id].receives >= max_receives:
                del self.due_messages[message_id]
                self.laid_aside[message_id] = error
                return True
            self.hidden_until[message_id] = now + retry_in
            return False
