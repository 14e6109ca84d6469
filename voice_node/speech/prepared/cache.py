"""Prepared speech by its key: memory first, then Redis, then the disk."""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from shared.kernel.errors import Unavailable
from voice_node.speech.prepared.entry import packed, unpacked
from voice_node.speech.prepared.shelves import DiskShelf, MemoryShelf

log = logging.getLogger(__name__)

REMOTE_SECONDS = 0.03
"""Longer than this nobody waits for Redis: the engine speaks as soon."""
REMOTE_PUT_SECONDS = 1.0
REMOTE_REST_SECONDS = 5.0


class RemoteShelf(Protocol):
    """A place that workers of several machines share. Implemented by ``adapters.redis.prepared_audio``."""

    async def get(self, key: str) -> bytes | None:
        """The piece.

        Raises:
            Unavailable: The place cannot be reached.
        """
        ...

    async def put(self, key: str, kept: bytes) -> None:
        """Keep a piece for a while; raises like ``get``."""
        ...


class AudioCache:
    """Pieces of prepared speech. A piece that is not whole is a miss, and is forgotten.

    Args:
        memory: The fastest place.
        remote: What workers share, if anything.
        disk: What outlives the process, if anything does.
        now: Seconds that never go back.
    """

    def __init__(
        self, *, memory: MemoryShelf, remote: RemoteShelf | None, disk: DiskShelf | None, now: Callable[[], float]
    ) -> None:
        self._memory = memory
        self._remote = remote
        self._disk = disk
        self._now = now
        self._remote_rests_until = 0.0
        self.hits = 0
        self.misses = 0

    async def get(self, key: str) -> bytes | None:
        """16-bit PCM at 8,000 Hz of a piece, or ``None`` where it is not prepared."""
        pcm = self._from_memory(key) or await self._from_afar(key)
        if pcm is None:
            self.misses += 1
        else:
            self.hits += 1
        return pcm

    async def put(self, key: str, pcm: bytes, *, is_personal: bool = False) -> None:
        """Keep a piece everywhere; what names a person stays in memory."""
        kept = packed(pcm)
        self._memory.put(key, kept)
        if is_personal:
            return
        if self._disk is not None:
            await asyncio.to_thread(self._disk.put, key, kept)
        if self._remote is not None and self._now() >= self._remote_rests_until:
            try:
                async with asyncio.timeout(REMOTE_PUT_SECONDS):
                    await self._remote.put(key, kept)
            except (Unavailable, TimeoutError):
                self._let_remote_rest()

    def _from_memory(self, key: str) -> bytes | None:
        kept = self._memory.get(key)
        return unpacked(kept) if kept is not None else None

    async def _from_afar(self, key: str) -> bytes | None:
        for kept in (await self._ask_remote(key), await self._ask_disk(key)):
            pcm = unpacked(kept) if kept is not None else None
            if kept is not None and pcm is not None:
                self._memory.put(key, kept)
                return pcm
        return None

    async def _ask_remote(self, key: str) -> bytes | None:
        if self._remote is None or self._now() < self._remote_rests_until:
            return None
        asking = asyncio.ensure_future(self._remote.get(key))
        asking.add_done_callback(_noticed)
        try:
            # Waited for from outside: a client that cleans up slowly after a cancellation keeps nobody from speaking.
            done, _ = await asyncio.wait({asking}, timeout=REMOTE_SECONDS)
        finally:
            asking.cancel()
        if done and not isinstance(asking.exception(), Unavailable):
            return asking.result()
        self._let_remote_rest()
        return None

    async def _ask_disk(self, key: str) -> bytes | None:
        if self._disk is None:
            return None
        kept = await asyncio.to_thread(self._disk.get, key)
        if kept is not None and unpacked(kept) is None:
            log.warning("A file of prepared speech was not whole", extra={"key": key})
            await asyncio.to_thread(self._disk.drop, key)
            return None
        return kept

    def _let_remote_rest(self) -> None:
        log.warning("Redis does not give prepared speech")
        self._remote_rests_until = self._now() + REMOTE_REST_SECONDS


def _noticed(asking: asyncio.Future[bytes | None]) -> None:
    """A question that nobody waits for any more may fail unheard."""
    if not asking.cancelled():
        asking.exception()
