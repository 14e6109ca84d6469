"""Sentences are heard as a call hears them, and known ones are kept apart from new ones."""

from pathlib import Path
from typing import Any

import pytest

from voice_node.speech.espeak import EspeakEngine
from voice_node.speech.evaluation.line import CLEAN
from voice_node.speech.evaluation.speaking import Speaker, callers_among, speakers_of
from voice_node.speech.evaluation.words import evaluation_lines, readings, sentences, speed
from voice_node.speech.recognition.process_pool import ProcessPool
from voice_node.speech.scoring import word_error_rate
from voice_node.speech.voice import AGENT_VOICE, Voice

KNOWN, NEW = "Yes, this is Maria.", "The basement floods every time it rains hard."


@pytest.fixture
def speaker(engine: EspeakEngine) -> Speaker:
    return Speaker(engine=engine, voice=Voice(name="en-us+klatt3"))


def test_voices_take_turns_over_the_lines(speaker: Speaker) -> None:
    voices = [Speaker(engine=speaker.engine, voice=Voice(name=f"en-us+m{number}")) for number in (1, 2, 3)]

    spoken = sentences(["one", "two", "three"], voices, voices=2)

    assert [(each.text, each.speaker.voice.name[-1]) for each in spoken] == [
        ("one", "1"), ("one", "2"), ("two", "2"), ("two", "3"), ("three", "3"), ("three", "1"),
    ]  # fmt: skip
    assert len(sentences(["one"], voices, voices=9)) == 3


def test_the_agents_own_voice_plays_no_caller(engine: EspeakEngine) -> None:
    speakers = speakers_of(engine)

    assert speakers[0].voice == AGENT_VOICE
    assert AGENT_VOICE not in [speaker.voice for speaker in callers_among(speakers)]
    assert callers_among(speakers[:1]) == speakers[:1]


def test_a_cast_says_whose_voices_there_are(engine: EspeakEngine) -> None:
    cast = {"*": "en_US-lessac-medium", "en-us+m5": "en_US-ryan-high"}

    assert [speaker.voice.name for speaker in speakers_of(engine, cast)] == [AGENT_VOICE.name, "en-us+m5"]
    assert [speaker.voice.name for speaker in speakers_of(engine, {"en-us+m5": "ryan"})] == ["en-us+m5"]


async def test_the_real_recogniser_hears_known_lines_through_its_port(pool: ProcessPool, engine: EspeakEngine) -> None:
    speaker = Speaker(engine=engine, voice=Voice(name="en-us+f5"))

    found = await readings(
        pool, sentences(["I'm at work, can you call me later?", "Stop calling me."], [speaker], voices=1), CLEAN
    )

    assert found.new == []
    assert word_error_rate(found.known) < 0.2


async def test_known_and_new_lines_are_kept_apart(scripted: Any, speaker: Speaker) -> None:
    engine = scripted("yes this is maria", "the basement")

    found = await readings(engine, sentences([KNOWN, NEW], [speaker], voices=1), CLEAN)

    assert [reading.said for reading in found.known] == [KNOWN]
    assert [reading.said for reading in found.new] == [NEW]
    assert all(utterance.is_finished for utterance in engine.opened)
    assert engine.closed == 2


async def test_a_final_text_is_timed_from_the_end_of_speech_and_from_the_order(scripted: Any, speaker: Speaker) -> None:
    found = await speed(scripted("yes", "yes"), sentences(["Yes."], [speaker], voices=1))

    assert len(found.factors) == len(found.after_speech) == len(found.after_order) == 1
    assert found.after_speech[0] > found.after_order[0]


def test_the_set_has_known_and_new_lines_once_each() -> None:
    lines = evaluation_lines()

    assert len(lines) == len(set(lines)) >= 100


async def test_what_was_said_once_is_kept(tmp_path: Path, speaker: Speaker) -> None:
    assert await speaker.say("Hello.") is await speaker.say("Hello.")
