"""How loud speech is, and how to make every voice equally loud without clipping."""

import numpy as np
from numpy.typing import NDArray

SPEECH_LEVEL = 0.1
"""Root mean square of the voiced parts, of full scale 1.0: about -20 dB, a telephone's normal speech."""
HIGHEST_PEAK = 0.92
LIMITER_KNEE = 0.7
WINDOW_SECONDS = 0.02
VOICED_ABOVE = 0.03
"""Windows below this share of the loudest window's energy are pauses."""


def speech_level(samples: NDArray[np.float32], rate_hz: int) -> float:
    """Root mean square of the windows that hold speech; 0.0 for silence."""
    window = int(rate_hz * WINDOW_SECONDS)
    whole = len(samples) // window * window
    if whole == 0:
        return 0.0
    energy = np.square(samples[:whole].reshape(-1, window)).mean(axis=1)
    loudest = float(energy.max())
    if loudest == 0.0:
        return 0.0
    return float(np.sqrt(energy[energy >= loudest * VOICED_ABOVE].mean()))


def amplified(samples: NDArray[np.float32], gain: float) -> NDArray[np.float32]:
    """The samples times ``gain``, or times less where a peak would clip."""
    peak = float(np.abs(samples).max(initial=0.0)) * gain
    allowed = gain if peak <= HIGHEST_PEAK else gain * HIGHEST_PEAK / peak
    return (samples * np.float32(allowed)).astype(np.float32)


def limited(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The samples with peaks bent down smoothly below ``HIGHEST_PEAK``; what is below the knee is left as it is.

    It keeps nothing from one piece to the next, so that sound may come in pieces of any length.
    """
    size = np.abs(samples)
    room = HIGHEST_PEAK - LIMITER_KNEE
    bent = LIMITER_KNEE + room * np.tanh((size - LIMITER_KNEE) / room)
    return np.where(size <= LIMITER_KNEE, samples, np.sign(samples) * bent).astype(np.float32)


def to_pcm(samples: NDArray[np.float32]) -> bytes:
    """16-bit little-endian PCM of samples in -1.0 to 1.0."""
    return (np.clip(samples, -1.0, 1.0) * 32_767).astype("<i2").tobytes()


def from_pcm(pcm: bytes) -> NDArray[np.float32]:
    """Samples in -1.0 to 1.0 of 16-bit little-endian PCM."""
    return np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(32_768)
