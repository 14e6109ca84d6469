"""Bring the messages of the outbox to the broker: at least once, and in one place only when all goes well."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.kernel.outbox import OutboxMessage

LEASE = timedelta(seconds=30)
RETRY_IN = timedelta(seconds=5)
BATCH = 100
ALWAYS = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class Turned:
    """A message that the broker did not take; ``is_final`` when it never will."""

    reason: str
    is_final: bool = False


class Publisher(Protocol):
    """A broker with one queue per topic. Implemented by ``adapters.aws``."""

    @property
    def topics(self) -> Collection[str]:
        """The topics that have a queue."""
        ...

    def publish(self, messages: Sequence[OutboxMessage]) -> Mapping[str, Turned]:
        """Bring each message to the queue of its topic; safe to repeat, consumers are idempotent.

        Returns:
            By id, the messages that the broker did not take; a broker out of reach takes none.
        """
        ...


class Outgoing(Protocol):
    """The outbox, as its relay sees it."""

    def lease_any(
        self, *, topics: Collection[str], now: datetime, lease_for: timedelta, limit: int
    ) -> list[OutboxMessage]:
        """Up to ``limit`` due messages of these topics, oldest first, hidden from others until ``now + lease_for``."""
        ...

    def done(self, ids: Sequence[str]) -> None:
        """These have arrived."""
        ...

    def failed(self, message_id: str, *, now: datetime, retry_in: timedelta, max_receives: int, error: str) -> bool:
        """This one has not; it is due again after ``retry_in``, or is laid aside, which ``True`` tells."""
        ...


@dataclass(frozen=True, kw_only=True)
class Relayed:
    """What one look at the outbox did."""

    published: int = 0
    postponed: int = 0
    laid_aside: int = 0

    def __add__(self, other: "Relayed") -> "Relayed":
        return Relayed(
            published=self.published + other.published,
            postponed=self.postponed + other.postponed,
            laid_aside=self.laid_aside + other.laid_aside,
        )


def relay(*, outbox: Outgoing, publisher: Publisher, now: datetime) -> Relayed:
    """Bring up to ``BATCH`` due messages to their queues and forget those that arrived.

    A crash between the two brings a message twice, never not at all.
    """
    messages = outbox.lease_any(topics=publisher.topics, now=now, lease_for=LEASE, limit=BATCH)
    if not messages:
        return Relayed()
    turned = publisher.publish(messages)
    arrived = [message.id for message in messages if message.id not in turned]
    if arrived:
        outbox.done(arrived)
    laid_aside = sum(
        outbox.failed(
            message_id,
            now=now,
            retry_in=RETRY_IN,
            max_receives=1 if told.is_final else ALWAYS,
            error=told.reason,
        )
        for message_id, told in turned.items()
    )
    return Relayed(published=len(arrived), postponed=len(turned) - laid_aside, laid_aside=laid_aside)
