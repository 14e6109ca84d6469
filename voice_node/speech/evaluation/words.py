"""Word errors of a recogniser over telephone lines, and how fast it is."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files

import numpy as np
import yaml
from numpy.typing import NDArray

from voice_node.speech.corpus import is_known
from voice_node.speech.evaluation.line import AFTER_SECONDS, CLEAN, RATE_HZ, Line, carried
from voice_node.speech.evaluation.listening import PortListener
from voice_node.speech.evaluation.speaking import Speaker
from voice_node.speech.recognition.port import RecognitionEngine
from voice_node.speech.scoring import Reading
from voice_node.turns.in_sound_time import turns_of

LINES_FILE = files("voice_node.speech") / "data" / "evaluation.yaml"
SPEECH_ABOVE = 300
"""Of 32,768: what is louder is speech and not the line."""
AT_ONCE = 2
"""How many utterances are heard at a time."""


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One sentence of the test set in one voice."""

    text: str
    speaker: Speaker


@dataclass(kw_only=True)
class Readings:
    """What was heard of the sentences: those that the phrase files make, and the new ones."""

    known: list[Reading] = field(default_factory=list)
    new: list[Reading] = field(default_factory=list)


@dataclass(kw_only=True)
class Speed:
    """How fast the recogniser was, a sentence at a time.

    ``factors`` are seconds of work per second of sound; ``after_speech`` and ``after_order`` how long the final text
    came after the last sound of speech, and after the recogniser was told to finish (s).
    """

    factors: list[float] = field(default_factory=list)
    after_speech: list[float] = field(default_factory=list)
    after_order: list[float] = field(default_factory=list)


def evaluation_lines() -> list[str]:
    """The sentences to measure with."""
    return list(yaml.safe_load(LINES_FILE.read_text(encoding="utf-8"))["lines"])


def sentences(lines: Sequence[str], speakers: Sequence[Speaker], *, voices: int) -> list[Sentence]:
    """Every line in so many of the voices, which take turns so that each speaks as much as the others."""
    return [
        Sentence(text=line, speaker=speakers[(place + turn) % len(speakers)])
        for place, line in enumerate(lines)
        for turn in range(min(voices, len(speakers)))
    ]


async def readings(engine: RecognitionEngine, spoken: Sequence[Sentence], line: Line) -> Readings:
    """What the recogniser makes of the sentences over a line; the same line every time.

    Raises:
        Unavailable: An engine failed.
    """
    found, waiting = Readings(), asyncio.Semaphore(AT_ONCE)

    async def one(number: int, sentence: Sentence) -> Reading:
        async with waiting:
            sound = carried(await sentence.speaker.say(sentence.text), line, np.random.default_rng(number))
            return Reading(said=sentence.text, heard=await heard(engine, sound))

    for reading in await asyncio.gather(*(one(number, sentence) for number, sentence in enumerate(spoken))):
        (found.known if is_known(reading.said) else found.new).append(reading)
    return found


async def heard(engine: RecognitionEngine, sound: NDArray[np.int16]) -> str:
    """The words of a sound as a call would have them: found by the voice detector, given to the recogniser's port."""
    recogniser = engine.for_call()
    try:
        return " ".join([turn.text async for turn in turns_of(sound, PortListener(recogniser), judge=None)])
    finally:
        await recogniser.close()


async def speed(engine: RecognitionEngine, spoken: Sequence[Sentence]) -> Speed:
    """How fast the recogniser is: one sentence after the other, each at once and then at real pace.

    Raises:
        Unavailable: An engine failed.
    """
    done = Speed()
    for number, sentence in enumerate(spoken):
        sound = carried(await sentence.speaker.say(sentence.text), CLEAN, np.random.default_rng(number))
        began = time.perf_counter()
        await heard(engine, sound)
        done.factors.append((time.perf_counter() - began) * RATE_HZ / len(sound))
        await _at_real_pace(engine, sound, done)
    return done


async def _at_real_pace(engine: RecognitionEngine, sound: NDArray[np.int16], done: Speed) -> None:
    recogniser = engine.for_call()
    listener, began = PortListener(recogniser), time.perf_counter()

    async def pace(second: float) -> None:
        await asyncio.sleep(max(began + second - time.perf_counter(), 0))

    try:
        texts = [turn.text async for turn in turns_of(sound, listener, judge=None, pace=pace)]
    finally:
        await recogniser.close()
    if any(texts):
        done.after_speech.append(listener.final_at - began - _end_of_speech(sound))
        done.after_order += listener.final_seconds


def _end_of_speech(sound: NDArray[np.int16]) -> float:
    """The second at which the last of the speech is over: the line's own noise is far below it."""
    speech = sound[: -int(AFTER_SECONDS * RATE_HZ)]
    return float(np.flatnonzero(np.abs(speech.astype(np.int32)) > SPEECH_ABOVE)[-1]) / RATE_HZ
