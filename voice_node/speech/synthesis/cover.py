"""How long the caller is still hearing what came: so long nobody notices that the next sound is late."""

from collections.abc import Callable

from voice_node.speech.synthesis.port import BYTES_A_SECOND


class Cover:
    """The speech of a turn that has come and is not heard yet, by the clock.

    Speech is taken to be heard from when it comes; that it may wait before it is played is not known here, so there is
    never less of it than this says.

    Args:
        now: Seconds that never go back.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._until = 0.0

    @property
    def seconds(self) -> float:
        """How long what came still lasts."""
        return max(self._until - self._now(), 0.0)

    def add(self, pcm: bytes) -> None:
        """Sound has come: 16-bit mono PCM at 8,000 Hz."""
        self._until = max(self._until, self._now()) + len(pcm) / BYTES_A_SECOND

    def begin(self) -> None:
        """A turn begins; of the one before, nothing may be left."""
        self._until = 0.0
