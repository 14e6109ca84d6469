"""Sound waiting to be heard, with marks between it."""

import asyncio
from collections import deque
from collections.abc import Callable

from infra.simulator.carrier.mulaw import FRAME_BYTES, SILENT_FRAME


class Playout:
    """A buffer of mu-law that leaves 160 bytes at a time.

    A mark fires when everything written before it has left, or at once when the buffer is cleared.
    """

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._written = 0
        self._left = 0
        self._marks: deque[tuple[int, Callable[[], None]]] = deque()

    def __len__(self) -> int:
        """How many bytes still wait."""
        return len(self._waiting)

    def write(self, audio: bytes) -> None:
        """Queue more sound."""
        self._waiting += audio
        self._written += len(audio)

    def mark(self, fire: Callable[[], None]) -> None:
        """Call ``fire`` once what is queued now has been heard."""
        self._marks.append((self._written, fire))

    def clear(self) -> None:
        """Drop what waits; every mark fires."""
        self._waiting.clear()
        self._left = self._written
        self._fire_marks()

    def forget(self) -> None:
        """Drop what waits, and the marks unfired."""
        self._marks.clear()
        self.clear()

    def take(self) -> bytes:
        """The next 20 ms, padded with silence."""
        # A frame handed out has been heard one tick later, so marks fire before the next one leaves.
        if self._marks:
            self._fire_marks()
        if not self._waiting:
            return SILENT_FRAME
        frame = bytes(self._waiting[:FRAME_BYTES])
        del self._waiting[:FRAME_BYTES]
        self._left += len(frame)
        return frame if len(frame) == FRAME_BYTES else frame + SILENT_FRAME[len(frame) :]

    async def heard(self) -> None:
        """Wait until everything queued so far has been heard or dropped."""
        done = asyncio.Event()
        self.mark(done.set)
        await done.wait()

    def _fire_marks(self) -> None:
        while self._marks and self._marks[0][0] <= self._left:
            self._marks.popleft()[1]()
