"""Speech made ahead of need, one piece at a time, while nobody waits for the engine."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from shared.kernel.errors import Malformed, Unavailable
from voice_node.speech.prepared.cache import AudioCache
from voice_node.speech.prepared.entry import key_of
from voice_node.speech.prepared.seams import trimmed
from voice_node.speech.synthesis.port import Synthesiser
from voice_node.speech.voice import Voice

log = logging.getLogger(__name__)

MOST_WANTED = 4_000
AWAY_SECONDS = 5.0
PATIENCE_SECONDS = 1.0


async def _at_once() -> None:
    """Nobody else uses the engine."""


@dataclass(frozen=True)
class Wanted:
    """A piece to prepare; what names a person is kept in memory only."""

    text: str
    voice: Voice
    is_personal: bool


class Preparation:
    """Prepares what is wanted, what names people first: they are on the line.

    Args:
        engine: Whose speech is prepared.
        cache: Where it is kept.
        idle: Comes back once nobody waits for the engine.
    """

    def __init__(
        self, engine: Synthesiser, cache: AudioCache, *, idle: Callable[[], Awaitable[None]] = _at_once
    ) -> None:
        self._engine = engine
        self._cache = cache
        self._idle = idle
        self._wanted: asyncio.PriorityQueue[tuple[int, int, Wanted]] = asyncio.PriorityQueue(MOST_WANTED)
        self._count = 0
        self.made = 0

    def want(self, texts: Iterable[str], voice: Voice, *, is_personal: bool = False) -> None:
        """Ask for pieces; those that find no room are spoken when they are needed."""
        for text in dict.fromkeys(texts):
            if self._wanted.full():
                return
            self._count += 1
            self._wanted.put_nowait((0 if is_personal else 1, self._count, Wanted(text, voice, is_personal)))

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            _, _, wanted = await self._wanted.get()
            await self._make(wanted)
            self._wanted.task_done()

    async def all_made(self) -> None:
        """Wait until everything that was wanted is there, or could not be made."""
        await self._wanted.join()

    async def _make(self, wanted: Wanted) -> None:
        key = key_of(wanted.text, wanted.voice, self._engine)
        if await self._cache.get(key) is not None:
            return
        with suppress(TimeoutError):
            # A request that was given up without being closed must not keep us waiting for ever.
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._idle()
        try:
            pieces = [pcm async for pcm in self._engine.synthesise(wanted.text, wanted.voice)]
        except Malformed as refused:
            log.warning("Speech cannot be prepared", extra={"fault": type(refused).__name__})
            return
        except Unavailable:
            log.warning("The engine prepares nothing now", extra={"engine": self._engine.name})
            await asyncio.sleep(AWAY_SECONDS)
            return
        if sound := trimmed(b"".join(pieces)):
            await self._cache.put(key, sound, is_personal=wanted.is_personal)
            self.made += 1
