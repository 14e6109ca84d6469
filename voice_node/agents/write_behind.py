"""What goes to Redis behind the speech: the newest record of every call, and which calls are to be forgotten."""

import asyncio
import logging
from typing import Protocol

from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId

log = logging.getLogger(__name__)
AWAY_SECONDS = 2.0
MOST_WAITING = 1_000
FORGET = None
Part = tuple[AttemptId, int]


class SavedCalls(Protocol):
    """Sealed records of live calls that every node can read. Implemented by ``RedisSavedCalls``."""

    async def put(self, call: AttemptId, part: int, record: bytes) -> None:
        """Keep the newest record of a part.

        Raises:
            Unavailable: They cannot be reached.
        """
        ...

    async def get(self, call: AttemptId, part: int) -> bytes | None:
        """The newest record of a part.

        Raises:
            Unavailable: They cannot be reached.
        """
        ...

    async def forget(self, call: AttemptId) -> None:
        """Delete every part.

        Raises:
            Unavailable: They cannot be reached.
        """
        ...


class WriteBehind:
    """Takes records at once and writes them while ``write_on`` runs. Of several of one part the newest is written.

    While nobody takes them it is logged once, and the newest wait; it is tried again every ``away_seconds``.
    """

    def __init__(self, calls: SavedCalls, *, away_seconds: float = AWAY_SECONDS) -> None:
        self._calls = calls
        self._away_seconds = away_seconds
        self._waiting: dict[Part, bytes | None] = {}
        self._wake = asyncio.Event()
        self._written = asyncio.Event()
        self._written.set()
        self._is_away = False

    def put(self, call: AttemptId, part: int, record: bytes) -> None:
        """Have a record written."""
        self._ask((call, part), record)

    def forget(self, call: AttemptId, part: int) -> None:
        """Have a call forgotten; ``part`` was its last."""
        for earlier in [key for key in self._waiting if key[0] == call]:
            del self._waiting[earlier]
        self._ask((call, part), FORGET)

    async def get(self, call: AttemptId, part: int) -> bytes | None:
        """The newest record of a part.

        Raises:
            Unavailable: Nobody answers.
        """
        return await self._calls.get(call, part)

    async def write_on(self) -> None:
        """Write until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                key = next(iter(self._waiting))
                await self._write(key, self._waiting.pop(key))
                _heed_cancellation()
            self._written.set()

    async def written(self) -> None:
        """Wait until nothing waits."""
        await self._written.wait()

    def _ask(self, key: Part, record: bytes | None) -> None:
        self._waiting[key] = record
        self._written.clear()
        self._wake.set()

    async def _write(self, key: Part, record: bytes | None) -> None:
        call, part = key
        try:
            if record is FORGET:
                await self._calls.forget(call)
            else:
                await self._calls.put(call, part, record)
        except Unavailable:
            if not self._is_away:
                log.warning("Where calls stand cannot be written for other nodes")
            self._is_away = True
            _heed_cancellation()
            if len(self._waiting) < MOST_WAITING:  # what is lost is forgotten by itself, or written anew
                self._waiting.setdefault(key, record)
            await asyncio.sleep(self._away_seconds)
        else:
            self._is_away = False


def _heed_cancellation() -> None:
    """Redis' client turns a cancellation that meets it in the middle of a command into an error of its own."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
