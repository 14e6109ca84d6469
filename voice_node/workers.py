"""One worker: who it is, whom it lets in, how it says that it is alive, how it stops."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from shared.kernel.errors import Refused, Unavailable
from shared.kernel.ids import AttemptId
from voice_node.load import Load

log = logging.getLogger(__name__)
BEAT_SECONDS = 2.0


class NoRoom(Refused):
    """The worker is full, stopping, or already holds this call."""


@dataclass(frozen=True, kw_only=True)
class WorkerName:
    """``epoch`` is new with every start, so that slots held for an earlier life are not mistaken for ours."""

    worker: str
    epoch: str


class Lease(Protocol):
    """What the worker says of itself, and its last word on who gets in.

    ``load`` is what it uses in cores and ``lag_ms`` how late its event loop runs; the next beat tells them.
    """

    slots: int
    load: float
    lag_ms: float

    @property
    def live(self) -> frozenset[AttemptId]:
        """The attempts that are being talked to."""
        ...

    def admit(self, attempt_id: AttemptId) -> bool:
        """Let a call in, if there is room for it and it is not in already."""
        ...

    async def release(self, attempt_id: AttemptId) -> None:
        """The call is over; never raises."""
        ...

    async def beat(self, *, ready: bool) -> None:
        """Renew the lease.

        Raises:
            Unavailable: Nobody hears it now.
        """
        ...

    async def give_up(self) -> None:
        """Withdraw the lease.

        Raises:
            Unavailable: Nobody hears it; the lease ends by itself.
        """
        ...


class Admission:
    """The door of the worker: shut until it is ready, and again once it drains.

    While the event loop runs late the lease asks for no calls; one that was already placed is let in all the same.
    """

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.load = Load()
        self._is_empty = asyncio.Event()
        self._is_empty.set()
        self.is_ready = False

    @property
    def takes_calls(self) -> bool:
        """Whether a call that comes now is let in."""
        return self.is_ready and len(self.lease.live) < self.lease.slots and not self.load.is_late

    @asynccontextmanager
    async def enter(self, attempt_id: AttemptId) -> AsyncIterator[None]:
        """Hold a place for a call.

        Raises:
            NoRoom: The call cannot be taken.
        """
        if not self.is_ready or not self.lease.admit(attempt_id):
            raise NoRoom(attempt_id)
        self._is_empty.clear()
        try:
            yield
        finally:
            await self.lease.release(attempt_id)
            if not self.lease.live:
                self._is_empty.set()

    async def beat_on(self) -> None:
        """Renew the lease until cancelled. While nobody hears it, calls go on and no new ones come."""
        is_heard = True
        while True:
            self.lease.load, self.lease.lag_ms = self.load.cores, self.load.lag_ms
            try:
                await self.lease.beat(ready=self.is_ready and not self.load.is_late)
                is_heard = True
            except Unavailable:
                if is_heard:
                    log.warning("The lease cannot be renewed")
                is_heard = False
            await asyncio.sleep(BEAT_SECONDS)

    async def drain(self, *, timeout_seconds: float) -> bool:
        """Take no more calls and wait for the open ones; ``False`` when some are still open after the time-out."""
        self.is_ready = False
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._is_empty.wait()
        except TimeoutError:
            return False
        return True
