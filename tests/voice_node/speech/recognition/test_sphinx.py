"""Recognition: right words, early guesses, many calls, and no word lost to a crash."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from shared.kernel.errors import Unavailable
from tests.voice_node.speech.telephone import chunks, over_the_line
from voice_node.speech.decoder import Decoder
from voice_node.speech.recognition import Heard, Utterance
from voice_node.speech.recognition.process_pool import ProcessPool
from voice_node.speech.recognition.sphinx_engine import sphinx_engine
from voice_node.speech.renderer import Renderer
from voice_node.speech.scoring import Reading, word_error_rate
from voice_node.speech.voice import Voice

LINES = [
    "Yes, this is Robert.",
    "We want to sell the house.",
    "Please take me off your list.",
    "Are you a robot?",
    "Can you call me back tomorrow?",
]


async def read(utterance: Utterance) -> list[Heard]:
    return [heard async for heard in utterance]


async def heard(pool: ProcessPool, sound: bytes) -> list[Heard]:
    utterance = pool.open()
    for chunk in chunks(sound):
        utterance.hear(chunk)
    utterance.finish()
    return await read(utterance)


def test_known_lines_are_understood_over_a_telephone(decoder: Decoder, renderer: Renderer) -> None:
    readings = []
    for line in LINES:
        decoder.start()
        for chunk in chunks(over_the_line(renderer, line)):
            decoder.hear(chunk)
        readings.append(Reading(said=line, heard=decoder.finish()))
    assert word_error_rate(readings) <= 0.1


def test_an_utterance_is_heard_alike_whatever_came_before(decoder: Decoder, renderer: Renderer) -> None:
    def once(sound: bytes) -> str:
        decoder.start()
        decoder.hear(sound)
        return decoder.finish()

    question = over_the_line(renderer, "How did you get my number?")
    first = once(question)
    once(over_the_line(renderer, "No thanks, we are not interested.", Voice(name="en-us+f5")))
    assert once(question) == first


async def test_guesses_come_while_the_person_talks(pool: ProcessPool, renderer: Renderer) -> None:
    results = await heard(pool, over_the_line(renderer, LINES[2]))
    assert [result.final for result in results] == [False] * (len(results) - 1) + [True]
    assert len(results) > 3
    assert results[-1].text == "please take me off your list"
    assert results[-1].seconds == pytest.approx(2.0, abs=0.7)


async def test_calls_are_heard_side_by_side(pool: ProcessPool, renderer: Renderer) -> None:
    sounds = [over_the_line(renderer, line) for line in LINES[2:5]]
    results = await asyncio.gather(*(heard(pool, sound) for sound in sounds))
    readings = [Reading(said=line, heard=result[-1].text) for line, result in zip(LINES[2:5], results, strict=True)]
    assert word_error_rate(readings) <= 0.15


async def test_digital_silence_holds_no_words(pool: ProcessPool) -> None:
    results = await heard(pool, bytes(16_000))
    assert results[-1].text == ""


async def test_an_utterance_without_sound_ends_with_no_words(pool: ProcessPool) -> None:
    assert [result.text for result in await heard(pool, b"")] == [""]


async def test_an_abandoned_utterance_says_no_more(pool: ProcessPool, renderer: Renderer) -> None:
    utterance = pool.open()
    utterance.hear(over_the_line(renderer, LINES[0]))
    utterance.abandon()
    assert not [result for result in await read(utterance) if result.final]
    assert (await heard(pool, over_the_line(renderer, LINES[2])))[-1].text == "please take me off your list"


async def test_a_crash_in_mid_sentence_costs_no_word(pool: ProcessPool, renderer: Renderer) -> None:
    sound = over_the_line(renderer, LINES[2])
    utterance = pool.open()
    utterance.hear(sound[: len(sound) // 2])
    (pid,) = pool.pids
    assert pid
    os.kill(pid, signal.SIGKILL)
    utterance.hear(sound[len(sound) // 2 :])
    utterance.finish()
    assert (await read(utterance))[-1].text == "please take me off your list"
    assert pool.pids != (pid,)


async def test_a_pool_that_is_closed_says_so(cache: Path) -> None:
    pool = sphinx_engine(cache, processes=1, decoders=1)
    with pytest.raises(Unavailable):
        pool.open()
    await pool.start()
    utterance = pool.open()
    await pool.close()
    with pytest.raises(Unavailable):
        await read(utterance)


@pytest.mark.parametrize(
    ("said", "heard_text", "rate"),
    [
        ("$450,000, please!", "four hundred fifty thousand dollars please", 0.0),
        ("We're not interested.", "we are not interested", 0.0),
        ("one two three four", "one two four", 0.25),
        ("hello there", "", 1.0),
    ],
)
def test_errors_are_counted_in_spoken_words(said: str, heard_text: str, rate: float) -> None:
    assert word_error_rate([Reading(said=said, heard=heard_text)]) == rate
