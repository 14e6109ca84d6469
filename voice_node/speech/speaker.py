"""Telephone speech from any engine: clause by clause, at 8,000 Hz, every voice equally loud."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
import soxr
from numpy.typing import NDArray

from voice_node.speech.clauses import Clause
from voice_node.speech.levels import SPEECH_LEVEL, amplified, speech_level, to_pcm
from voice_node.speech.voice import Voice

TELEPHONE_RATE_HZ = 8_000
REFERENCE = "The quick brown fox would like to know whether Thursday afternoon works for you."


class SoundSource(Protocol):
    """An engine's library: one voice at a time, one text at a time."""

    @property
    def sample_rate_hz(self) -> int:
        """Of what ``say`` gives; it may change with the voice."""
        ...

    def use(self, voice: Voice) -> None:
        """Speak with this voice from now on.

        Raises:
            UnknownVoice: The engine has no such voice.
        """
        ...

    def say(self, text: str, unwanted: Callable[[], bool] = lambda: False) -> NDArray[np.float32]:
        """Samples in -1.0 to 1.0 at ``sample_rate_hz``; may be cut short once ``unwanted`` says so."""
        ...


class Speaker:
    """Turns clauses into PCM. Runs in the engine's process."""

    def __init__(self, library: SoundSource) -> None:
        self._library = library
        self._gains: dict[Voice, float] = {}

    def say(self, clause: Clause, voice: Voice, unwanted: Callable[[], bool] = lambda: False) -> bytes:
        """16-bit little-endian mono PCM at 8,000 Hz of one clause and its pause.

        Raises:
            UnknownVoice: The engine has no such voice.
        """
        gain = self._gain(voice)
        samples = amplified(self._resampled(clause.text, unwanted), gain)
        return to_pcm(samples) + bytes(2 * TELEPHONE_RATE_HZ * clause.pause_ms // 1000)

    def _gain(self, voice: Voice) -> float:
        """What brings this voice to the common loudness, measured once on a fixed sentence."""
        self._library.use(voice)
        if voice not in self._gains:
            level = speech_level(self._resampled(REFERENCE, lambda: False), TELEPHONE_RATE_HZ)
            self._gains[voice] = SPEECH_LEVEL / level if level else 1.0
        return self._gains[voice]

    def _resampled(self, text: str, unwanted: Callable[[], bool]) -> NDArray[np.float32]:
        # The whole clause at once: a stream resampler withholds its first 180 ms.
        samples = self._library.say(text, unwanted)
        if not len(samples):
            return samples
        resampled = soxr.resample(samples, self._library.sample_rate_hz, TELEPHONE_RATE_HZ, "HQ")
        return np.asarray(resampled, dtype=np.float32)
