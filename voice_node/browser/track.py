"""What the browser hears: a queue that is played at real pace, and knows what it has played."""

import asyncio
from collections.abc import Callable

from pipecat.transports.smallwebrtc.transport import RawAudioTrack

from voice_node.media.messages import SAMPLE_RATE_HZ

GRAIN_BYTES = SAMPLE_RATE_HZ // 100 * 2
"""The track takes pieces of 10 ms."""


class AgentTrack(RawAudioTrack):
    """Pipecat's audio track as an ``Outlet``: silence where there is nothing to say.

    A mark counts as played when the last sample before it was taken for the network; the browser's own buffer plays
    it some tens of milliseconds later.
    """

    def __init__(self, *, on_mark: Callable[[str], None]) -> None:
        super().__init__(SAMPLE_RATE_HZ)
        self._on_mark = on_mark
        self._last: asyncio.Future[bool] | None = None

    async def play(self, pcm: bytes) -> None:
        """Queue speech; a piece that ends between two grains is filled up with silence."""
        self._last = self.add_audio_bytes(pcm + bytes(-len(pcm) % GRAIN_BYTES))

    async def mark(self, name: str) -> None:
        """Tell once everything queued so far was played."""
        if self._last is None or self._last.done():
            self._on_mark(name)
            return
        self._last.add_done_callback(lambda played: played.cancelled() or self._on_mark(name))

    async def clear(self) -> None:
        """Drop what is queued, with its marks."""
        dropped = [future for _, future in self._chunk_queue if future is not None]
        self._chunk_queue.clear()
        for future in dropped:
            future.cancel()
