"""Work that the control plane asks of the node, taken straight from the outbox, beside the calls."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.kernel.clock import Clock
from shared.kernel.errors import Malformed, NotFound, ReautoError, Unavailable
from shared.kernel.outbox import NewMessage, OutboxMessage

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)
RETRY_IN = timedelta(seconds=5)
MOST_RECEIVES = 5
IDLE_SECONDS, AWAY_SECONDS = 0.3, 3.0
Errand = Callable[[OutboxMessage], Awaitable[None]]
"""Does what a message asks for, as often as it comes. ``Malformed`` and ``NotFound`` lay it aside at once."""


class Outbox(Protocol):
    """The part of the outbox that a consumer needs."""

    def put(self, messages: Sequence[NewMessage], now: datetime) -> None:
        """Write messages."""
        ...

    def lease_any(
        self, *, topics: Collection[str], now: datetime, lease_for: timedelta, limit: int
    ) -> list[OutboxMessage]:
        """Due messages of these topics, hidden from others for a while."""
        ...

    def done(self, ids: Sequence[str]) -> None:
        """Forget messages that were dealt with."""
        ...

    def failed(self, message_id: str, *, now: datetime, retry_in: timedelta, max_receives: int, error: str) -> bool:
        """Offer a message again later, or lay it aside."""
        ...


@dataclass(frozen=True, kw_only=True)
class Errands:
    """Takes messages of every topic in ``takes``, up to ``at_once``, and has them done one after the other.

    ``idle_seconds`` is how long it waits when there are none.
    """

    outbox: Outbox
    takes: Mapping[str, Errand]
    clock: Clock
    at_once: int = 4
    idle_seconds: float = IDLE_SECONDS

    async def run(self) -> None:
        """Work until cancelled. A database that is away is asked again after a while."""
        while True:
            try:
                worked = await self.work_once()
            except Unavailable:
                log.warning("The outbox cannot be reached")
                await asyncio.sleep(AWAY_SECONDS)
                continue
            if not worked:
                await asyncio.sleep(self.idle_seconds)

    async def work_once(self) -> int:
        """Deal with what is due now; returns how many messages there were.

        Raises:
            Unavailable: The outbox cannot be reached.
        """
        messages = await asyncio.to_thread(
            self.outbox.lease_any,
            topics=list(self.takes),
            now=self.clock.now(),
            lease_for=LEASE,
            limit=self.at_once,
        )
        for message in messages:
            try:
                await self.takes[message.topic](message)
            except ReautoError as error:
                await self._failed(message, error)
            else:
                await asyncio.to_thread(self.outbox.done, [message.id])
        return len(messages)

    async def _failed(self, message: OutboxMessage, error: ReautoError) -> None:
        fault = type(error).__name__
        log.warning("An errand failed", extra={"job": message.id, "topic": message.topic, "fault": fault})
        is_hopeless = isinstance(error, Malformed | NotFound)
        await asyncio.to_thread(
            self.outbox.failed,
            message.id,
            now=self.clock.now(),
            retry_in=RETRY_IN,
            max_receives=1 if is_hopeless else MOST_RECEIVES,
            error=str(error),
        )
