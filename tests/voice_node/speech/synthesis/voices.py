"""Synthesisers of known behaviour: what they say can be read back from the sound."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

import numpy as np

from shared.kernel.errors import ReautoError
from voice_node.speech.synthesis.port import RATE_HZ
from voice_node.speech.voice import Voice

WORD_SECONDS = 0.4


def hum(seconds: float, *, level: float = 0.1, hertz: float = 300.0) -> bytes:
    """A tone of that root mean square, as 16-bit PCM at 8,000 Hz."""
    steps = np.arange(int(RATE_HZ * seconds)) * (2 * np.pi * hertz / RATE_HZ)
    return bytes((np.sin(steps) * level * np.sqrt(2) * 32_767).astype("<i2"))


@dataclass
class WordByWord:
    """Hums once for every word, and writes down what it was asked.

    ``breaks_after`` words it raises ``fault``; with ``hangs`` it waits for ever instead.
    """

    name: str = "hummer"
    vendor: str = "espeak"
    version: str = "1"
    level: float = 0.1
    fault: ReautoError | None = None
    hangs: bool = False
    is_mute: bool = False
    breaks_after: int = 0
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    closed: int = 0

    async def synthesise(self, text: str, voice: Voice) -> AsyncGenerator[bytes]:
        self.asked.append(text)
        try:
            for place, word in enumerate(text.split()):
                if place == self.breaks_after and self.hangs:
                    await asyncio.Event().wait()
                if place == self.breaks_after and self.fault:
                    raise self.fault
                if self.is_mute:
                    continue
                self.said.append(word)
                yield hum(WORD_SECONDS, level=self.level)
        finally:
            self.closed += 1


async def spoken(pieces: AsyncGenerator[bytes]) -> list[bytes]:
    return [pcm async for pcm in pieces]


def words(engines: Sequence[WordByWord]) -> str:
    """What was said, engine after engine."""
    return " ".join(word for engine in engines for word in engine.said)
