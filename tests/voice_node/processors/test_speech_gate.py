"""The gate lets speech through, holds it, takes it back, and goes on where it was cut short."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipecat.frames.frames import InterruptionFrame, TTSAudioRawFrame

from tests.voice_node.doubles import tone
from tests.voice_node.processors.lines import WORDS, Line
from voice_node.frames import UtteranceEndFrame, UtteranceStartFrame
from voice_node.turns.playout import Utterance


async def test_speech_passes_as_it_comes() -> None:
    line = Line()

    await line.say(line.playout.add(WORDS, turn=1))

    assert line.seconds == pytest.approx(4.0)
    assert not line.gate.is_holding


async def test_tentative_speech_waits_until_it_is_released() -> None:
    line = Line()
    draft = line.playout.draft(WORDS)
    await line.say(draft)
    assert line.sent == []
    assert line.playout.is_silent

    line.playout.confirm(draft, turn=1)
    await line.gate.pass_on()

    assert line.seconds == pytest.approx(4.0)


async def test_speech_that_is_dropped_leaves_nothing_on_the_line() -> None:
    line = Line()
    await line.say(line.playout.draft(WORDS))

    await line.give(InterruptionFrame())
    await line.say(line.playout.add("Something else.", turn=1), seconds=1.0)

    assert line.clears == 0
    assert line.seconds == pytest.approx(1.0)


async def test_what_is_held_goes_on_at_the_first_unheard_word() -> None:
    line = Line()
    utterance = line.playout.add(WORDS, turn=1)
    await line.say(utterance)
    line.at = 2.0
    await line.gate.hold()
    assert line.clears == 1
    assert line.gate.unheard_words == len(utterance.unheard.split())

    line.at = 2.5
    await line.gate.resume()

    rest = utterance.continued_by
    assert rest is not None
    assert f"{utterance.heard} {rest.text}" == WORDS
    assert line.seconds == pytest.approx(4.0 - utterance.heard_seconds, abs=0.01)
    line.playout.marked(f"u{rest.number}")
    assert line.playout.is_silent
    assert rest.heard == rest.text


async def test_speech_that_is_still_being_made_when_it_is_held_goes_on_whole() -> None:
    line = Line()
    utterance = line.playout.add(WORDS, turn=1)
    await line.say(utterance, seconds=2.0, is_complete=False)
    line.at = 1.0
    await line.gate.hold()
    held = line.seconds
    await line.give(TTSAudioRawFrame(audio=tone(2.0), sample_rate=8_000, num_channels=1))
    assert line.seconds == held

    await line.gate.resume()
    await line.give(UtteranceEndFrame(utterance))

    rest = utterance.continued_by
    assert rest is not None
    assert rest.all_sent
    assert line.seconds == pytest.approx(4.0 - utterance.heard_seconds, abs=0.01)


async def test_what_is_held_twice_loses_no_word() -> None:
    line = Line()
    first = line.playout.add(WORDS, turn=1)
    await line.say(first)
    spoken = []
    utterance = first
    for at in (1.0, 3.0):
        line.at = at
        await line.gate.hold()
        await line.gate.resume()
        spoken.append(utterance.heard)
        assert utterance.continued_by is not None
        utterance = utterance.continued_by

    assert " ".join([*spoken, utterance.text]) == WORDS
    assert all(spoken)


async def test_an_utterance_behind_the_one_that_is_cut_follows_it() -> None:
    line = Line()
    one, two = line.playout.add(WORDS, turn=1), line.playout.add("And this.", turn=1)
    await line.say(one)
    await line.say(two, seconds=1.0)
    line.at = 2.0
    await line.gate.hold()

    await line.gate.resume()

    starts = [frame.utterance.text for frame in line.sent if isinstance(frame, UtteranceStartFrame)]
    assert starts[-2:] == [one.unheard, "And this."]


async def test_speech_that_had_not_reached_the_gate_is_not_lost_by_holding() -> None:
    line = Line()
    utterance = line.playout.add(WORDS, turn=1)
    await line.gate.hold()

    await line.gate.resume()
    await line.say(utterance)
    line.playout.marked("u1")

    assert utterance.heard == WORDS
    assert line.clears == 0


async def test_what_the_caller_takes_the_floor_from_is_gone() -> None:
    line = Line()
    utterance = line.playout.add(WORDS, turn=1)
    await line.say(utterance)
    line.at = 2.0
    await line.gate.hold()

    await line.give(InterruptionFrame())
    await line.say(line.playout.add("Of course.", turn=2), seconds=1.0)

    assert line.clears == 1
    assert line.seconds == pytest.approx(1.0)
    assert utterance.continued_by is None
    assert 0 < len(utterance.heard.split()) < 10


@given(
    st.lists(st.tuples(st.floats(0, 2), st.floats(0, 1)), max_size=5),
    st.integers(1, 4),
)
def test_however_often_we_are_held_every_word_is_said_once_and_in_order(
    holds: list[tuple[float, float]], pieces: int
) -> None:
    async def scene() -> list[Utterance]:
        line = Line()
        utterances = [line.playout.add(f"{WORDS} {number}", turn=1) for number in range(pieces)]
        for utterance in utterances:
            await line.say(utterance)
        for after, pause in holds:
            line.at += after
            await line.gate.hold()
            line.at += pause
            await line.gate.resume()
        line.at += 100.0
        line.playout.give_up()
        return utterances

    said = []
    for first in asyncio.run(scene()):
        utterance: Utterance | None = first
        while utterance is not None:
            said += utterance.heard.split()
            utterance = utterance.continued_by

    assert said == " ".join(f"{WORDS} {number}" for number in range(pieces)).split()
