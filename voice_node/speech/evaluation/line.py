"""Telephone lines to measure over: noise behind the speaker, packets that are lost, and mu-law at 8,000 Hz always."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice_node.speech.levels import from_pcm, speech_level, to_pcm
from voice_node.speech.mulaw import from_mulaw, to_mulaw

RATE_HZ = 8_000
PACKET_SAMPLES = 160
BURST_PACKETS = 2.5
"""How many packets in a row are lost, on average: the queue that overflows stays full for a while."""
QUIET_DBFS = -64.0
"""The noise of a line on which nobody speaks; no line is digitally silent."""
BEFORE_SECONDS, AFTER_SECONDS = 0.6, 1.0


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line by what it does: noise so many decibels below the speech, and the share of packets of 20 ms it loses."""

    name: str
    snr_db: float | None = None
    loss: float = 0.0


CLEAN = Line(name="clean")
LINES: tuple[Line, ...] = (
    CLEAN,
    Line(name="noise at 20 dB", snr_db=20),
    Line(name="noise at 10 dB", snr_db=10),
    Line(name="noise at 5 dB", snr_db=5),
    Line(name="2 % of packets lost", loss=0.02),
    Line(name="5 % of packets lost", loss=0.05),
)


def carried(pcm: bytes, line: Line, dice: np.random.Generator) -> NDArray[np.int16]:
    """Speech as the other end of the line hears it, with some of the line before and after.

    Args:
        pcm: 16-bit little-endian mono PCM at 8,000 Hz.
        line: What it goes through.
        dice: Where the noise and the losses come from.
    """
    speech = from_pcm(pcm)
    whole = np.concatenate([_nothing(BEFORE_SECONDS), speech, _nothing(AFTER_SECONDS)])
    noisy = whole + noise(len(whole), _noise_level(speech, line), dice)
    mulaw = bytearray(to_mulaw(to_pcm(noisy.astype(np.float32))))
    for packet in np.flatnonzero(losses(-(-len(mulaw) // PACKET_SAMPLES), line.loss, dice)):
        start = int(packet) * PACKET_SAMPLES
        lost = mulaw[start : start + PACKET_SAMPLES]
        mulaw[start : start + PACKET_SAMPLES] = b"\xff" * len(lost)  # mu-law of silence: nothing conceals the loss
    return np.frombuffer(from_mulaw(bytes(mulaw)), "<i2")


def noise(length: int, level: float, dice: np.random.Generator) -> NDArray[np.float64]:
    """Noise with as much energy in every octave, as rooms and roads have it; ``level`` is its root mean square."""
    spectrum = np.fft.rfft(dice.standard_normal(length))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    spectrum[0] = 0.0
    pink = np.fft.irfft(spectrum, length)
    return np.asarray(pink * level / np.sqrt(np.mean(np.square(pink))))


def losses(packets: int, share: float, dice: np.random.Generator) -> NDArray[np.bool_]:
    """Which packets are lost: a line is well or ill, and falls ill as often as loses ``share`` of all packets."""
    lost = np.zeros(packets, dtype=np.bool_)
    is_ill = False
    for place, chance in enumerate(dice.random(packets)):
        is_ill = chance >= 1 / BURST_PACKETS if is_ill else chance < share / ((1 - share) * BURST_PACKETS)
        lost[place] = is_ill
    return lost


def _noise_level(speech: NDArray[np.float32], line: Line) -> float:
    quiet = float(10 ** (QUIET_DBFS / 20))
    if line.snr_db is None:
        return quiet
    return max(quiet, speech_level(speech, RATE_HZ) * float(10 ** (-line.snr_db / 20)))


def _nothing(seconds: float) -> NDArray[np.float32]:
    return np.zeros(int(seconds * RATE_HZ), np.float32)
