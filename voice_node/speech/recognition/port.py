"""What every speech-to-text engine promises the call: sound in, guesses out, one final text an utterance."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

RATE_HZ = 8_000
BYTES_PER_SECOND = 2 * RATE_HZ
"""Of the sound every engine is given: 16-bit little-endian mono PCM at 8,000 Hz."""


@dataclass(frozen=True, kw_only=True)
class EngineFacts:
    """What is known of an engine before it hears anything.

    ``name`` is what settings and metrics call it, ``vendor`` its name in the price table, ``version`` the engine and
    model that texts come from. ``slowest_final_seconds`` is from the end of speech, as it was spoken, to the final
    text, 99 times of 100: the voice detector's 0.2 s and the engine's own share.
    """

    name: str
    vendor: str
    version: str
    slowest_final_seconds: float


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What has been understood of an utterance.

    ``text`` is in spoken form: lower case, numbers as words, ``""`` for nothing. ``seconds`` is the sound given so
    far. ``confidence`` is the engine's own belief from 0 to 1, ``None`` where it has none: one more fact, no measure
    that two engines share.
    """

    text: str
    final: bool
    seconds: float
    confidence: float | None = None


@dataclass(frozen=True, kw_only=True)
class Listened:
    """What an engine is paid for: so many seconds of sound, by the vendor's name in the price table."""

    vendor: str
    seconds: float


class Utterance(Protocol):
    """One stretch of speech: give it sound, end it, read what it says meanwhile. Nothing blocks the loop."""

    @property
    def seconds(self) -> float:
        """How much sound was given so far."""
        ...

    @property
    def listened(self) -> tuple[Listened, ...]:
        """What was listened to so far, sound that had to be said twice counted twice."""
        ...

    def hear(self, pcm: bytes) -> None:
        """Add sound, 20 to 40 ms at a time; ignored after the end."""
        ...

    def finish(self) -> None:
        """The speech has ended; the final text follows soon."""
        ...

    def abandon(self) -> None:
        """Nobody wants to know any more."""
        ...

    def __aiter__(self) -> AsyncIterator[Heard]:
        """Guesses as they change, the last one final; ends without a final one when abandoned.

        Raises:
            Unavailable: The engine failed and did not come back.
        """
        ...


class Recogniser(Protocol):
    """An engine as one call has it."""

    @property
    def facts(self) -> EngineFacts:
        """Which engine this is."""
        ...

    def open(self) -> Utterance:
        """Begin to listen to somebody.

        Raises:
            Unavailable: The engine cannot listen now.
        """
        ...

    async def close(self) -> None:
        """The call is over; utterances that are still open end with ``Unavailable``."""
        ...


class RecognitionEngine(Protocol):
    """An engine as a worker has it: loaded once, shared by all calls."""

    @property
    def facts(self) -> EngineFacts:
        """Which engine this is."""
        ...

    async def start(self) -> None:
        """Load what it needs; ready when this returns.

        Raises:
            Unavailable: It cannot be used; the message says what to do.
        """
        ...

    def for_call(self) -> Recogniser:
        """The engine for one call, which closes it; must be asked inside the event loop."""
        ...

    async def close(self) -> None:
        """Let everything go."""
        ...
