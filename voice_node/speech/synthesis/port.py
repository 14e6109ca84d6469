"""What a voice of the node can do, whichever engine is behind it."""

from collections.abc import AsyncGenerator
from typing import Protocol

from shared.kernel.errors import Unavailable
from voice_node.speech.voice import Voice

RATE_HZ = 8_000
BYTES_A_SECOND = 2 * RATE_HZ


class SynthesisFailed(Unavailable):
    """An engine gave no speech, or not all of it.

    Args:
        engine: The engine's name.
        reason: One word that says what went wrong, for a log line and a metric.
        lasts: Whether the next request will fail as well: a refused key, a quota that is used up.
        spoken: How many characters of the text have sounded, where the engine tells.
    """

    def __init__(self, engine: str, reason: str, *, lasts: bool = False, spoken: int | None = None) -> None:
        super().__init__(f"{engine}: {reason}")
        self.engine = engine
        self.reason = reason
        self.lasts = lasts
        self.spoken = spoken


class Synthesiser(Protocol):
    """Speech for any number of calls at once. ``voice`` is who speaks; each engine casts it with a voice of its own.

    ``name`` is how logs and metrics call the engine, ``vendor`` how the price table does. Two engines with the same
    ``name`` and ``version`` speak alike, so that audio kept from one serves the other.
    """

    @property
    def name(self) -> str:
        """The engine's name."""
        ...

    @property
    def vendor(self) -> str:
        """Its name in the price table."""
        ...

    @property
    def version(self) -> str:
        """What its sound depends on beside text and voice: engine and model."""
        ...

    def synthesise(self, text: str, voice: Voice) -> AsyncGenerator[bytes]:
        """Speak a text. Closing the iterator, or cancelling the task that reads it, ends it within milliseconds.

        Yields:
            16-bit little-endian mono PCM at 8,000 Hz, in pieces of any even length; nothing for an empty text.

        Raises:
            UnknownVoice: The engine has no such voice.
            Unavailable: The engine is gone, is too busy, or broke off.
        """
        ...


class Engine(Synthesiser, Protocol):
    """A synthesiser that is started with the node and closed with it."""

    async def start(self) -> None:
        """Be ready to speak.

        Raises:
            Unavailable: It cannot be; the message says what to do.
        """
        ...

    async def close(self) -> None:
        """Let go of everything; what is being said ends with ``Unavailable``."""
        ...
