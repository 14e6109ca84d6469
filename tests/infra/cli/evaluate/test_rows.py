"""Figures hold or do not; rows that are missing do not; engines are chosen by name."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from math import inf

import pytest

from infra.cli.evaluate.answer_rows import (
    RIGHT,
    SILENT,
    WRONG,
    Answered,
    answer_rows,
    people_name,
    told_name,
    verdict_of,
)
from infra.cli.evaluate.command import ENGINES
from infra.cli.evaluate.engines import ALL, Chosen, EngineSettings, NotConfigured, running
from infra.cli.evaluate.expected import expected, missing_rows
from infra.cli.evaluate.level_rows import APART
from infra.cli.evaluate.level_rows import rows_of as level_rows_of
from infra.cli.evaluate.turn_rows import CUT_OFF, RIGHT_WORDS, turns_name
from infra.cli.evaluate.turn_rows import rows_of as turn_rows_of
from infra.cli.evaluate.word_rows import speed_rows
from infra.cli.rows import Row
from shared.conversation.script import load_script
from shared.speech_settings import SpeechSettings
from shared.voice_settings import PremiumSettings, VoiceSettings
from tests.shared.conversation.dialogue import make_brief
from voice_node.speech.evaluation.answering import Happening, Scene
from voice_node.speech.evaluation.loudness import Loudness
from voice_node.speech.evaluation.words import Speed
from voice_node.turns.evaluate import PauseScore

VOICE = Loudness(
    speaker="espeak en-us", level=-20.0, range_db=1.0, peak=-3.0, clipped=0, offset=-60.0, click=-80.0, joins=9
)
SCENE = Scene(
    brief=make_brief(), script=load_script("seller_home_value"), now=datetime(2026, 11, 22, 16, tzinfo=UTC),
    opening_seconds=8.0,
)  # fmt: skip


def failed(rows: Sequence[Row]) -> list[str]:
    return [row.name for row in rows if not row.holds]


def person(text: str) -> Answered:
    return Answered(kind="human", silence_seconds=0, noticed=[Happening(at=2.0, began=1.0, text=text)])


def test_the_engines_of_the_command_are_those_there_are() -> None:
    assert set(ENGINES) == set(ALL)


def test_who_is_not_named_is_the_embedded_engine() -> None:
    assert Chosen.named(()) == Chosen()
    assert Chosen.named(("piper", "whisper", "piper")) == Chosen.named(("whisper", "piper"))
    assert Chosen.named(("piper",)).ears == ("pocketsphinx",)


async def test_a_premium_voice_without_a_key_is_one_clear_line(tmp_path: object) -> None:
    settings = EngineSettings(hearing=SpeechSettings(), local=VoiceSettings(), premium=PremiumSettings())

    with pytest.raises(NotConfigured, match="ELEVENLABS_API_KEY"):
        async with running(Chosen(ears=(), voices=("elevenlabs",)), settings, cache=settings.hearing.models_folder):
            pytest.fail("it has no key")


def test_every_row_that_is_not_there_does_not_hold() -> None:
    chosen = Chosen()
    names = list(expected(chosen))

    assert len(names) == len(set(names)) > 40
    assert not any(row.holds for row in missing_rows([], chosen))
    assert missing_rows([Row(name=name, value=1, unit="%") for name in names], chosen) == []
    assert len(list(expected(Chosen.named(("whisper", "pocketsphinx", "piper"))))) > len(names)


def test_more_than_half_of_the_plain_bots_cut_offs_do_not_hold() -> None:
    plain = PauseScore(turns=10, cut_offs=4, waits=(0.3,) * 6)
    good, bad = PauseScore(turns=10, cut_offs=2, waits=(0.3,) * 8), PauseScore(turns=10, cut_offs=3, waits=(0.3,) * 7)

    assert failed(turn_rows_of(RIGHT_WORDS, good, plain, most_cut_offs=0.5)) == []
    assert failed(turn_rows_of(RIGHT_WORDS, bad, plain, most_cut_offs=0.5)) == [turns_name(RIGHT_WORDS, CUT_OFF)]
    assert failed(turn_rows_of("words of an engine", bad, plain)) == []


def test_a_recogniser_slower_than_speech_or_never_timed_does_not_hold() -> None:
    assert failed(speed_rows("ear", Speed(factors=[0.2], after_speech=[0.3], after_order=[0.02]))) == []
    assert failed(speed_rows("ear", Speed(factors=[1.4], after_speech=[0.3], after_order=[0.02]))) == [
        "ear: work per second of sound"
    ]
    assert len(failed(speed_rows("ear", Speed()))) == 4


def test_a_voice_that_is_too_loud_or_clips_does_not_hold() -> None:
    loud, clipping = replace(VOICE, level=-16.0), replace(VOICE, clipped=3, peak=0.0)

    assert failed(level_rows_of({"espeak": [VOICE]})) == []
    assert failed(level_rows_of({"espeak": [VOICE, loud]})) == [APART]
    assert failed(level_rows_of({"espeak": [VOICE, clipping]})) == [
        "levels, espeak: peak", "levels, espeak: clipped samples",
    ]  # fmt: skip


def test_people_who_are_taken_for_machines_do_not_hold() -> None:
    rows, [silent, right, wrong] = answer_rows("ear", [person("hello"), person("leave a message")], SCENE)

    assert silent.counts == right.counts == {("human", "human"): 1, ("human", "voicemail"): 1}
    assert silent.share("human", "human") == 50
    assert wrong.share("fax", "fax") == 0
    assert people_name("ear", SILENT) in failed(rows)
    assert told_name("ear", "human", RIGHT) not in failed(rows)


def test_a_wrong_carrier_is_wrong_about_everybody() -> None:
    assert verdict_of("human", SILENT) == ""
    assert (verdict_of("human", RIGHT), verdict_of("fax", RIGHT), verdict_of("ivr", RIGHT)) == (
        "human", "fax", "machine_start",
    )  # fmt: skip
    assert (verdict_of("human", WRONG), verdict_of("voicemail", WRONG)) == ("machine_start", "human")


def test_waits_that_never_ended_do_not_hold() -> None:
    never = PauseScore(turns=1, cut_offs=0, waits=(inf,))

    assert failed(turn_rows_of(RIGHT_WORDS, never, never))
