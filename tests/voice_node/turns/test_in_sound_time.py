"""Turns over a whole sound: found where they are, ended by our rules, and by the sound's end if need be."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from voice_node.speech.mulaw import from_mulaw
from voice_node.turns.in_sound_time import turns_of
from voice_node.turns.voice_activity import SAMPLE_RATE_HZ

NOTHING = (np.random.default_rng(2).standard_normal(SAMPLE_RATE_HZ) * 15).astype(np.int16)


class Notebook:
    """Hears nothing, finishes with its texts, and writes down what it was told."""

    def __init__(self, *texts: str) -> None:
        self._texts = list(texts)
        self.told: list[tuple[str, float]] = []

    def begin(self, before: bytes, end: int) -> None:
        self.told.append((f"begin with {len(before)}", end / SAMPLE_RATE_HZ))

    def hear(self, pcm: bytes, end: int) -> str:
        return ""

    async def finish(self, end: int) -> str:
        self.told.append(("finish", end / SAMPLE_RATE_HZ))
        return self._texts.pop(0)


def sound(*parts: NDArray[np.int16]) -> NDArray[np.int16]:
    return np.concatenate(parts)


def words(spoken: Callable[[str], bytes], text: str) -> NDArray[np.int16]:
    return np.frombuffer(from_mulaw(spoken(text)), "<i2")


async def test_two_sentences_with_a_long_pause_are_two_turns(spoken: Callable[[str], bytes]) -> None:
    one, two = words(spoken, "Yes this is Bob."), words(spoken, "I want to sell.")
    notebook = Notebook("yes this is bob", "i want to sell")

    found = [turn async for turn in turns_of(sound(NOTHING, one, NOTHING, NOTHING, two, NOTHING), notebook)]

    assert [turn.text for turn in found] == ["yes this is bob", "i want to sell"]
    assert [told for told, _ in notebook.told] == ["begin with 8000", "finish"] * 2
    assert found[0].started < found[0].ended < found[1].started
    assert found[0].ended < 1 + len(one) / SAMPLE_RATE_HZ + 1.5


async def test_a_turn_that_the_sound_cuts_off_is_told_at_its_end(spoken: Callable[[str], bytes]) -> None:
    loud = words(spoken, "I want to sell my house")[: int(0.8 * SAMPLE_RATE_HZ)]

    [turn] = [turn async for turn in turns_of(sound(NOTHING, loud), Notebook("i want"), judge=None)]

    assert turn.text == "i want"
    assert turn.ended == (len(NOTHING) + len(loud)) / SAMPLE_RATE_HZ


async def test_words_that_must_go_on_keep_the_turn_open(spoken: Callable[[str], bytes]) -> None:
    first, second = words(spoken, "I would like to"), words(spoken, "talk to my husband.")
    pause = NOTHING[: int(0.6 * SAMPLE_RATE_HZ)]
    notebook = Notebook("i would like to", "talk to my husband")

    [turn] = [turn async for turn in turns_of(sound(NOTHING, first, pause, second, NOTHING, NOTHING), notebook)]

    assert turn.text == "i would like to talk to my husband"


async def test_the_sound_goes_at_the_pace_it_is_given() -> None:
    seconds: list[float] = []

    async def pace(second: float) -> None:
        seconds.append(second)

    assert [turn async for turn in turns_of(NOTHING, Notebook(), pace=pace)] == []
    assert seconds == sorted(seconds)
    assert 0.9 < seconds[-1] <= 1.0
