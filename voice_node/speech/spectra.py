"""Short pieces of sound as energies in bands: what bandwidth extension learns from and predicts."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

WIDE_RATE_HZ: Final = 16_000
HOP, WINDOW, TRANSFORM = 160, 320, 512
"""10 ms, 20 ms and the transform's length, in samples at 16,000 Hz."""
PAST, FUTURE = 4, 2
"""How many frames before and after a frame its high band is predicted from."""
LOW_BANDS, HIGH_BANDS = 20, 7
LOWEST_HZ, CROSSOVER_HZ, HIGHEST_HZ = 100.0, 3_700.0, 7_200.0
FLOOR = 1e-9

Floats = NDArray[np.float64]
HANN: Floats = np.hanning(WINDOW + 1)[:WINDOW]


def _mel_edges(low_hz: float, high_hz: float, bands: int) -> Floats:
    """Edges of bands of equal width on the mel scale, in Hz."""
    low, high = (2595 * np.log10(1 + hz / 700) for hz in (low_hz, high_hz))
    return np.asarray(700 * (10 ** (np.linspace(low, high, bands + 1) / 2595) - 1))


def _band_matrix(edges: Floats) -> Floats:
    """One row a band, one column a transform bin: 1.0 where the bin lies in the band."""
    bins = np.arange(TRANSFORM // 2 + 1) * WIDE_RATE_HZ / TRANSFORM
    return np.asarray((bins >= edges[:-1, None]) & (bins < edges[1:, None]), dtype=np.float64)


LOW_MATRIX = _band_matrix(_mel_edges(LOWEST_HZ, CROSSOVER_HZ, LOW_BANDS))
HIGH_MATRIX = _band_matrix(_mel_edges(CROSSOVER_HZ, HIGHEST_HZ, HIGH_BANDS))


def frames_of(samples: Floats) -> Floats:
    """Overlapping windowed frames, one a row, a hop apart; none while samples are fewer than a window."""
    if len(samples) < WINDOW:
        return np.empty((0, WINDOW))
    windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP]
    return np.asarray(windows * HANN)


def log_energies(frames: Floats, bands: Floats) -> Floats:
    """Natural logarithm of the mean power in each band, one row a frame."""
    power = np.abs(np.fft.rfft(frames, TRANSFORM)) ** 2
    return np.asarray(np.log(power @ bands.T / bands.sum(axis=1) + FLOOR))


def features(low: Floats) -> Floats:
    """What the high band of each inner frame is predicted from.

    Args:
        low: Low-band log energies, ``n`` frames by ``LOW_BANDS``.

    Returns:
        ``n - PAST - FUTURE`` rows: the energies of the frame and its neighbours, their square
        and spread, and a constant 1.0 in the last column.
    """
    inner = low[PAST : len(low) - FUTURE]
    count = len(inner)
    around = np.concatenate([low[shift : shift + count] for shift in range(PAST + FUTURE + 1)], axis=1)
    mean = inner.mean(axis=1, keepdims=True)
    return np.concatenate([around, mean * mean, (inner - mean) ** 2, np.ones((count, 1))], axis=1)
