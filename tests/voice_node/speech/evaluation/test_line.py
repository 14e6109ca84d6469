"""A line adds as much noise, and loses as many packets, as it says; and the same ones every time."""

import numpy as np
import pytest
from numpy.typing import NDArray

from voice_node.speech.evaluation.line import AFTER_SECONDS, BEFORE_SECONDS, CLEAN, RATE_HZ, Line, carried, losses
from voice_node.speech.levels import to_pcm

SPEECH = to_pcm((0.1 * np.sqrt(2) * np.sin(2 * np.pi * 440 * np.arange(2 * RATE_HZ) / RATE_HZ)).astype(np.float32))
"""Two seconds as loud as speech: -20 dB."""


def over(line: Line, seed: int = 1) -> NDArray[np.int16]:
    return carried(SPEECH, line, np.random.default_rng(seed))


def level(samples: NDArray[np.int16]) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(np.square(samples / 32_768))) + 1e-9))


@pytest.mark.parametrize("snr", [20, 10, 5])
def test_noise_is_so_many_decibels_below_the_speech(snr: int) -> None:
    before = over(Line(name="noisy", snr_db=snr))[: int(BEFORE_SECONDS * RATE_HZ)]

    assert level(before) == pytest.approx(-20 - snr, abs=2.5)


def test_a_clean_line_is_quiet_but_never_silent() -> None:
    before = over(CLEAN)[: int(BEFORE_SECONDS * RATE_HZ)]

    assert -75 < level(before) < -55


def test_the_line_goes_on_before_and_after_the_speech() -> None:
    assert len(over(CLEAN)) == 2 * RATE_HZ + int(BEFORE_SECONDS * RATE_HZ) + int(AFTER_SECONDS * RATE_HZ)


@pytest.mark.parametrize("share", [0.02, 0.05])
def test_packets_are_lost_in_bursts(share: float) -> None:
    lost = losses(200_000, share, np.random.default_rng(3))
    bursts = int(np.count_nonzero(np.diff(lost.astype(int)) == 1))

    assert lost.mean() == pytest.approx(share, rel=0.1)
    assert 2.0 < lost.sum() / bursts < 3.0


def test_a_lost_packet_is_silence() -> None:
    sound, lost = over(Line(name="bad", loss=0.05)), losses(180, 0.05, np.random.default_rng(1))

    assert lost.any()
    assert sum(not packet.any() for packet in sound.reshape(-1, 160)) > 0


def test_the_same_line_does_the_same_again() -> None:
    line = Line(name="bad", snr_db=10, loss=0.05)

    assert np.array_equal(over(line), over(line))
    assert not np.array_equal(over(line), over(line, seed=2))
