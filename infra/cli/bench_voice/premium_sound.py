"""The voice of the premium vendor in the benchmark: our words with an overtone, so that a caller hears who speaks."""

from enum import StrEnum

import numpy as np

from infra.cli.bench_voice.replies import LOUDNESS, spoken
from infra.simulator.carrier.mulaw import FRAME_BYTES, SAMPLE_RATE_HZ, encoded, linear

OVERTONE_HZ = 3_600.0
"""Higher than any word's own tone."""
OVERTONE_SHARE = 0.3
LEAST_SHARE = 0.15
LEAST_FRAMES = 3
FFT_POINTS = 1_600
_OVERTONE_PLACE = round(OVERTONE_HZ * FFT_POINTS / SAMPLE_RATE_HZ)


class Speaker(StrEnum):
    """Whose voice is heard."""

    LOCAL = "local"
    PREMIUM = "premium"


def premium_sound(text: str) -> bytes:
    """A text in the premium voice: mu-law at 8,000 Hz."""
    words = np.frombuffer(b"".join(spoken(text)), "<i2").astype(np.float64)
    steps = np.arange(len(words)) / SAMPLE_RATE_HZ
    sound = words + np.sin(2 * np.pi * OVERTONE_HZ * steps) * LOUDNESS * OVERTONE_SHARE
    return encoded(sound.astype(np.int16))


def speakers(mulaw: bytes, voiced: list[bool]) -> list[Speaker]:
    """Who was heard one after the other, in mu-law of whole 20 ms frames of which ``voiced`` has sound."""
    found: list[Speaker] = []
    run, before = 0, None
    for place, is_sound in enumerate(voiced):
        who = _speaker(mulaw[place * FRAME_BYTES : (place + 1) * FRAME_BYTES]) if is_sound else None
        run = run + 1 if who is before else 1
        before = who
        if who is not None and run == LEAST_FRAMES and found[-1:] != [who]:
            found.append(who)
    return found


def _speaker(frame: bytes) -> Speaker:
    strength = np.abs(np.fft.rfft(linear(frame) * np.hanning(FRAME_BYTES), FFT_POINTS))
    overtone = strength[_OVERTONE_PLACE - 5 : _OVERTONE_PLACE + 6].max()
    return Speaker.PREMIUM if overtone > LEAST_SHARE * strength.max() else Speaker.LOCAL
