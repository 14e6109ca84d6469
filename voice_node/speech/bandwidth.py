"""Bandwidth extension: gives telephone sound the high half that the recogniser was trained to hear.

The high band's energies are predicted from the low band's by ridge regression, and noise of
those energies is added above 3.7 kHz. ``bandwidth_training`` makes the weights.
"""

from dataclasses import dataclass, fields
from importlib.resources import files

import numpy as np

from voice_node.speech.spectra import (
    FUTURE,
    HIGH_MATRIX,
    HOP,
    LOW_BANDS,
    LOW_MATRIX,
    PAST,
    TRANSFORM,
    WINDOW,
    Floats,
    features,
    frames_of,
    log_energies,
)
from voice_node.speech.upsampling import Upsampler

WEIGHTS_FILE = "bandwidth.npz"
NOISE_FRAMES = 61


@dataclass(frozen=True, kw_only=True)
class Weights:
    """The regression: ``(features - mean) / deviation`` times ``matrix``, the constant unscaled.

    ``channel`` is the mean cepstrum of extended telephone speech, 13 numbers: what the decoder
    takes away from everything it hears.
    """

    matrix: Floats
    mean: Floats
    deviation: Floats
    channel: Floats


def load_weights() -> Weights:
    """The weights shipped with the package."""
    with (files("voice_node.speech") / "data" / WEIGHTS_FILE).open("rb") as file, np.load(file) as stored:
        return Weights(**{field.name: stored[field.name].astype(np.float64) for field in fields(Weights)})


def _noise() -> tuple[Floats, Floats]:
    """Spectra of fixed noise frames and their log energies in the high bands."""
    frames = frames_of(np.random.default_rng(1).normal(0.0, 1.0, WINDOW + HOP * (NOISE_FRAMES - 1)))
    return np.asarray(np.fft.rfft(frames, TRANSFORM)), log_energies(frames, HIGH_MATRIX)


class BandwidthExtender:
    """One stream of sound. The output lags by 34 ms: two hops of look-ahead and the filters."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._noise, self._noise_energies = _noise()
        self.restart()

    def restart(self) -> None:
        """Forget the sound heard so far."""
        self._upsampler = Upsampler()
        self._unframed: Floats = np.empty(0)
        self._energies: Floats = np.empty((0, LOW_BANDS))
        self._narrow: Floats = np.empty(0)
        self._tail: Floats = np.zeros(TRANSFORM)
        self._frame = 0

    def extended(self, samples: Floats) -> Floats:
        """The next samples at 16,000 Hz.

        Args:
            samples: Sound at 8,000 Hz, -1.0 to 1.0, any number of samples.

        Returns:
            As many hops of 160 samples as are complete; what is left comes with later calls.
        """
        doubled = self._upsampler.doubled(samples)
        self._narrow = np.concatenate([self._narrow, doubled])
        self._unframed = np.concatenate([self._unframed, doubled])
        frames = frames_of(self._unframed)
        self._unframed = self._unframed[len(frames) * HOP :]
        if len(frames):
            self._remember(log_energies(frames, LOW_MATRIX))
        return self._emitted()

    def finished(self) -> Floats:
        """The samples held back for look-ahead; the stream ends with them."""
        if not len(self._energies):
            return self._narrow
        self._remember(np.repeat(self._energies[-1:], FUTURE, axis=0))
        shaped = self._emitted()
        rest = min(len(self._narrow), TRANSFORM)
        self._narrow[:rest] += self._tail[:rest]
        return np.concatenate([shaped, self._narrow])

    def _remember(self, energies: Floats) -> None:
        if not len(self._energies):
            energies = np.concatenate([np.repeat(energies[:1], PAST, axis=0), energies])
        self._energies = np.concatenate([self._energies, energies])

    def _emitted(self) -> Floats:
        """The narrow sound plus shaped noise, for every frame whose neighbours are known."""
        count = len(self._energies) - PAST - FUTURE
        if count <= 0:
            return np.empty(0)
        high = self._high_bands(features(self._energies))
        self._energies = self._energies[count:]
        noise = self._tail_and(high)
        output = self._narrow[: count * HOP] + noise[: count * HOP]
        self._tail = noise[count * HOP :]
        self._narrow = self._narrow[count * HOP :]
        return output

    def _high_bands(self, inputs: Floats) -> Floats:
        """Noise frames with the energies predicted from ``inputs``; ``TRANSFORM`` samples a row."""
        weights = self._weights
        inputs[:, :-1] = (inputs[:, :-1] - weights.mean) / weights.deviation
        chosen = (self._frame + np.arange(len(inputs))) % NOISE_FRAMES
        self._frame += len(inputs)
        gains = np.exp(0.5 * (inputs @ weights.matrix - self._noise_energies[chosen])) @ HIGH_MATRIX
        return np.asarray(np.fft.irfft(self._noise[chosen] * gains, TRANSFORM))

    def _tail_and(self, frames: Floats) -> Floats:
        """What earlier frames left over, with new frames added a hop apart."""
        total = np.concatenate([self._tail, np.zeros(len(frames) * HOP)])
        for index, frame in enumerate(frames):
            total[index * HOP : index * HOP + TRANSFORM] += frame
        return total
