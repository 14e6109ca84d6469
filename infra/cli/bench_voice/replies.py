"""What the agents of the benchmark say, and a sound for each word of it, so that the caller can tell what was heard."""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from infra.simulator.carrier.mulaw import FRAME_BYTES, QUIET, SAMPLE_RATE_HZ, linear
from shared.conversation.script import load_script

SCRIPT = "buyer_portal"
OPENING = "Hello, this is an automated assistant calling about your request."
REPLIES: Sequence[str] = (
    "Thank you, that is good to know. Which town do you like?",
    "All right, that helps me a lot. How large should it be?",
    "I see, so there is still some time. Where do you live?",
    "That is a sensible way to go. What else matters?",
)
"""Nothing in them is a claim that a model may not make, and each ends with a question, as the script's line does."""

CHARACTERS_PER_SECOND = 14.0
LEAST_WORD_SECONDS = 0.1
LOUDNESS = 9_000
LOWEST_HZ, STEP_HZ = 400.0, 40.0
FFT_POINTS = 1_600
LEAST_FRAMES = 3
_WORD = re.compile(r"[\w']+")


def words_of(text: str) -> list[str]:
    """Its words in small letters."""
    return _WORD.findall(text.lower())


@cache
def _pitches() -> dict[str, float]:
    acknowledged = load_script(SCRIPT).variants["ack"]
    known = sorted({word for text in (OPENING, *acknowledged, *REPLIES) for word in words_of(text)})
    return {word: LOWEST_HZ + STEP_HZ * (place + 1) for place, word in enumerate(known)}


@cache
def _sound_of(word: str) -> bytes:
    seconds = max((len(word) + 1) / CHARACTERS_PER_SECOND, LEAST_WORD_SECONDS)
    steps = np.arange(round(seconds / 0.02) * FRAME_BYTES) / SAMPLE_RATE_HZ
    pitch = _pitches().get(word, LOWEST_HZ)
    return bytes((np.sin(2 * np.pi * pitch * steps) * LOUDNESS).astype("<i2").tobytes())


def spoken(text: str) -> list[bytes]:
    """16-bit little-endian mono PCM at 8,000 Hz, a piece for each word; words that are not ours share one pitch."""
    return [_sound_of(word) for word in words_of(text)]


def is_voiced(frame: bytes) -> bool:
    """Whether mu-law is more than the quiet of a line."""
    return bool(frame.translate(None, QUIET))


def heard_words(mulaw: bytes) -> list[str]:
    """The words of what was heard, each as often as it sounded; ``?`` for one that is not ours."""
    names = {round((pitch - LOWEST_HZ) / STEP_HZ): word for word, pitch in _pitches().items()}
    found: list[str] = []
    run, before = 0, None
    for start in range(0, len(mulaw) - FRAME_BYTES + 1, FRAME_BYTES):
        frame = mulaw[start : start + FRAME_BYTES]
        place = _place(frame) if is_voiced(frame) else None
        run = run + 1 if place == before else 1
        before = place
        if place is not None and run == LEAST_FRAMES:
            found.append(names.get(place, "?"))
    return found


def _place(frame: bytes) -> int:
    """Which pitch of ours is strongest."""
    strength = np.abs(np.fft.rfft(linear(frame) * np.hanning(FRAME_BYTES), FFT_POINTS))
    return round((float(np.argmax(strength)) * SAMPLE_RATE_HZ / FFT_POINTS - LOWEST_HZ) / STEP_HZ)
