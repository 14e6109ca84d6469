"""Voice activity: Silero on the event loop at 8,000 Hz, one model session for the whole process."""

from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pipecat.audio.vad.silero import SileroVADAnalyzer

SAMPLE_RATE_HZ = 8_000
WINDOW_SAMPLES = 256
WINDOW_SECONDS = WINDOW_SAMPLES / SAMPLE_RATE_HZ
VOICE = 0.55
"""From this confidence on a window holds a voice; telephone speech seldom gives less once it has begun."""
START_WINDOWS = 4
"""So many windows of voice in a row, 128 ms, are the beginning of speech."""
RESUME_WINDOWS = 2
"""So many windows of voice within a pause of somebody who talks mean that they go on."""
NOTHING = 40.0
"""The root mean square, on the 16-bit scale, below which a window is the quiet of a line (-58 dBFS): the model is not
asked about it while nobody talks, which is most of a call."""
_CONTEXT_SAMPLES = 32
_RATE = np.array(SAMPLE_RATE_HZ, dtype=np.int64)
_SCALE = np.float32(1 / 32_768)
_BLANK_STATE = np.zeros((2, 1, 128), dtype=np.float32)
_BLANK_CONTEXT = np.zeros((1, _CONTEXT_SAMPLES), dtype=np.float32)
_RESET_WINDOWS, _CLEAR_WINDOWS, _CLEAR = 62, 5, 0.1
"""The model's memory is wiped every two seconds of clear quiet: silence and music make it deaf for what follows."""


class Sound(StrEnum):
    """What a window of sound means for the turn."""

    QUIET = "quiet"
    MAYBE_VOICE = "maybe_voice"
    STARTED = "started"
    TALKING = "talking"
    RESUMED = "resumed"


@cache
def shared_session() -> Any:
    """The model session every call shares, loaded once."""
    return SileroVADAnalyzer()._model.session


class VoiceActivity:
    """Hears one caller, a window of 32 ms at a time; a window costs 0.1 ms, less than handing it to a thread.

    A pause within speech ends with ``RESUMED``, or with ``over`` being called.
    """

    def __init__(self) -> None:
        self._session = shared_session()
        self._rest = b""
        self._since_reset = self._clear = 0
        self._voiced = 0
        self._is_talking = self._is_pausing = False
        self._state: NDArray[np.float32]
        self._context: NDArray[np.float32]
        self._forget()

    @property
    def is_talking(self) -> bool:
        """Whether speech has begun and is not over; a pause is part of it."""
        return self._is_talking

    def over(self) -> None:
        """The pause was the end: the next voice is a new beginning."""
        self._is_talking = False
        self._voiced = 0

    def hear(self, pcm: bytes) -> list[Sound]:
        """What the windows that are complete with this audio mean: 16-bit mono PCM of any length."""
        self._rest += pcm
        sounds = []
        size = WINDOW_SAMPLES * 2
        while len(self._rest) >= size:
            window, self._rest = self._rest[:size], self._rest[size:]
            samples = np.frombuffer(window, dtype="<i2").astype(np.float32)
            is_nothing = not self._is_talking and float(samples @ samples) < NOTHING * NOTHING * WINDOW_SAMPLES
            sounds.append(self._step(self._pass_by(samples) if is_nothing else self._confidence(samples)))
        return sounds

    def _step(self, confidence: float) -> Sound:
        if confidence >= VOICE:
            return self._voice()
        self._voiced = 0
        self._is_pausing = True
        if not self._is_talking:
            self._rest_if_due(confidence)
        return Sound.QUIET

    def _voice(self) -> Sound:
        """A single window of voice within a pause is a click: it is no silence and does not end it."""
        self._voiced += 1
        self._clear = 0
        if not self._is_talking:
            if self._voiced < START_WINDOWS:
                return Sound.MAYBE_VOICE
            self._is_talking, self._is_pausing = True, False
            return Sound.STARTED
        if not self._is_pausing:
            return Sound.TALKING
        if self._voiced < RESUME_WINDOWS:
            return Sound.MAYBE_VOICE
        self._is_pausing = False
        return Sound.RESUMED

    def _pass_by(self, samples: NDArray[np.float32]) -> float:
        """Nothing is heard; the model begins afresh with what comes next."""
        self._forget()
        self._context = samples[None, -_CONTEXT_SAMPLES:] * _SCALE
        return 0.0

    def _confidence(self, samples: NDArray[np.float32]) -> float:
        heard: NDArray[np.float32] = np.concatenate((self._context, samples[None, :] * _SCALE), axis=1)
        self._context = heard[:, -_CONTEXT_SAMPLES:]
        out, self._state = self._session.run(None, {"input": heard, "state": self._state, "sr": _RATE})
        return float(out[0, 0])

    def _rest_if_due(self, confidence: float) -> None:
        self._since_reset += 1
        self._clear = self._clear + 1 if confidence < _CLEAR else 0
        if self._since_reset >= _RESET_WINDOWS and self._clear >= _CLEAR_WINDOWS:
            self._forget()

    def _forget(self) -> None:
        self._state, self._context = _BLANK_STATE, _BLANK_CONTEXT
        self._since_reset = 0
