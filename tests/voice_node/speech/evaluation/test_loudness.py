"""Levels are those of the speech, and what clips, leans or clicks is found."""

import numpy as np
import pytest
from numpy.typing import NDArray

from voice_node.speech.espeak import EspeakEngine
from voice_node.speech.evaluation.loudness import SILENT_DBFS, TEXTS, clicks, decibels, loudness, measured
from voice_node.speech.evaluation.speaking import Speaker
from voice_node.speech.voice import AGENT_VOICE


def wave(amplitude: float, offset: float = 0.0) -> NDArray[np.float32]:
    moments = np.arange(8_000) / 8_000
    return (offset + amplitude * np.sin(2 * np.pi * 200 * moments)).astype(np.float32)


def test_a_level_is_that_of_the_speech_without_its_pauses() -> None:
    with_pause = np.concatenate([wave(0.1), np.zeros(40_000, np.float32)])

    assert measured("a", [with_pause], []).level == pytest.approx(-23.0, abs=0.1)


def test_texts_that_differ_in_level_show() -> None:
    assert measured("a", [wave(0.1), wave(0.2)], []).range_db == pytest.approx(6.0, abs=0.1)


def test_what_clips_or_leans_is_found() -> None:
    loud, leaning = measured("a", [wave(1.0)], []), measured("a", [wave(0.1, offset=0.05)], [0.001, 0.1])

    assert loud.clipped > 0
    assert loud.peak == pytest.approx(0.0, abs=0.01)
    assert leaning.clipped == 0
    assert leaning.offset == pytest.approx(-26.0, abs=0.1)
    assert leaning.click == pytest.approx(-20.0)
    assert leaning.joins == 2


def test_a_join_is_a_click_only_where_it_steps_more_than_the_sound_around_it() -> None:
    smooth, broken = wave(0.5), np.concatenate([wave(0.5)[:4_000] * 0, wave(0.5)[3_990:]])

    assert clicks(smooth, [3_000, 5_000]) == [0.0]
    assert clicks(broken, [4_000, 4_010])[0] > 0.1
    assert clicks(smooth, [8_000]) == []


def test_silence_has_a_level() -> None:
    assert decibels(0.0) == SILENT_DBFS
    assert measured("a", [np.zeros(8_000, np.float32)], []).level == SILENT_DBFS


async def test_the_agents_voice_has_the_common_level_and_no_clicks(engine: EspeakEngine) -> None:
    found = await loudness(Speaker(engine=engine, voice=AGENT_VOICE), TEXTS[:3])

    assert found.level == pytest.approx(-20.0, abs=1.5)
    assert found.clipped == 0
    assert found.joins >= 4
    assert found.click < -46
