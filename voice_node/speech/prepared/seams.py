"""Where two pieces of speech meet: both end in silence, smoothly, so that nothing is heard of the join."""

import numpy as np
from numpy.typing import NDArray

from voice_node.speech.levels import from_pcm, to_pcm
from voice_node.speech.synthesis.port import RATE_HZ

FADE_SAMPLES = RATE_HZ * 5 // 1000
KEPT_SAMPLES = RATE_HZ * 15 // 1000
SILENT_BELOW = 0.004
"""Of full scale: -48 dB, what a telephone line covers with its own noise."""

_RISE = (0.5 - 0.5 * np.cos(np.pi * (np.arange(FADE_SAMPLES) + 0.5) / FADE_SAMPLES)).astype(np.float32)


def trimmed(pcm: bytes) -> bytes:
    """The speech without the silence around it but for a breath, rising from zero and falling to it."""
    samples = from_pcm(pcm)
    loud = np.flatnonzero(np.abs(samples) > SILENT_BELOW)
    if loud.size == 0:
        return b""
    begin, end = max(int(loud[0]) - KEPT_SAMPLES, 0), min(int(loud[-1]) + 1 + KEPT_SAMPLES, len(samples))
    return to_pcm(_falling(_rising(samples[begin:end])))


def silence(milliseconds: int) -> bytes:
    """So much silence."""
    return bytes(2 * (RATE_HZ * milliseconds // 1000))


class SmoothEnds:
    """Makes sound that comes in pieces rise from zero and fall to it, its last 5 ms later than they came."""

    def __init__(self) -> None:
        self._held = np.empty(0, dtype=np.float32)
        self._risen = 0

    def take(self, pcm: bytes) -> bytes:
        """A piece; gives what may leave now."""
        samples = from_pcm(pcm)
        if self._risen < FADE_SAMPLES:
            samples = _rising(samples, self._risen)
            self._risen += len(samples)
        samples = np.concatenate([self._held, samples])
        leaves = max(len(samples) - FADE_SAMPLES, 0)
        self._held = samples[leaves:]
        return to_pcm(samples[:leaves])

    def finish(self) -> bytes:
        """There is no more; gives the end."""
        held, self._held = self._held, np.empty(0, dtype=np.float32)
        return to_pcm(_falling(held))


def _rising(samples: NDArray[np.float32], risen: int = 0) -> NDArray[np.float32]:
    """The samples under what is left of the rise, of which ``risen`` samples are over."""
    rise = _RISE[risen : risen + len(samples)]
    return np.concatenate([samples[: len(rise)] * rise, samples[len(rise) :]])


def _falling(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    count = min(FADE_SAMPLES, len(samples))
    if not count:
        return samples
    return np.concatenate([samples[:-count], samples[-count:] * _RISE[::-1][-count:]])
