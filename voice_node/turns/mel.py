"""What the smart-turn model looks at: log-mel features of the last 8 s, as Pipecat computes them, for less work.

Most turns are short, and the model wants 8 s: what stands before the speech is silence. Its frames are all alike, so
one of them is computed, where Pipecat transforms them all.
"""

from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from pipecat.audio.turn.smart_turn import _whisper_features

MODEL_RATE_HZ = 16_000
LONGEST_SECONDS = 8
_SAMPLES = LONGEST_SECONDS * MODEL_RATE_HZ
_WINDOW, _HOP = 400, 160
_FRAMES = _SAMPLES // _HOP
_FLOOR, _EPSILON, _RANGE = 1e-10, 1e-7, 8.0


@cache
def _tables() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The window, the mel filters (80 by 201), and what they make of a constant 1."""
    window = np.hanning(_WINDOW + 1)[:-1]
    filters = np.ascontiguousarray(_whisper_features._MEL_FILTERS.T)
    return window, filters, filters @ (np.abs(np.fft.rfft(window)) ** 2)


def log_mel(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """Features of shape (80, 800). ``audio`` is mono at 16,000 Hz; of more than 8 s the last are taken."""
    heard = audio[-_SAMPLES:].astype(np.float32)
    padding = _SAMPLES - len(heard)
    total = float(heard.sum(dtype=np.float64)) / _SAMPLES
    variance = float((heard.astype(np.float64) ** 2).sum()) / _SAMPLES - total * total
    scale = 1.0 / np.sqrt(max(variance, 0.0) + _EPSILON)
    window, filters, of_silence = _tables()
    silent = max((padding - _WINDOW // 2) // _HOP - 1, 0)
    start = silent * _HOP
    wave = np.full(_SAMPLES - start, -total * scale)
    wave[padding - start :] = (heard - total) * scale
    before = np.full(_WINDOW // 2, wave[0]) if silent else wave[_WINDOW // 2 : 0 : -1]
    padded = np.concatenate((before, wave, wave[-2 : -_WINDOW // 2 - 2 : -1]))
    frames = sliding_window_view(padded, _WINDOW)[::_HOP][: _FRAMES - silent]
    powers = np.abs(np.fft.rfft(frames * window, axis=-1)) ** 2
    mel = np.empty((80, _FRAMES))
    mel[:, silent:] = filters @ powers.T
    mel[:, :silent] = (of_silence * (total * scale) ** 2)[:, None]
    logs = np.log10(np.maximum(mel, _FLOOR))
    logs = np.maximum(logs, logs.max() - _RANGE)
    return np.asarray((logs + 4.0) / 4.0, dtype=np.float32)
