"""Who answered, decided from what the node notices: words, tones, the carrier, and the silence around them."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from shared.conversation.machines import Tone
from shared.conversation.script import load_script
from tests.shared.conversation.dialogue import make_brief
from voice_node.speech.espeak import EspeakEngine
from voice_node.speech.evaluation.answerers import Answerer, answerers, recorded
from voice_node.speech.evaluation.answering import Happening, Scene, happenings, taken_for, with_verdict
from voice_node.speech.evaluation.speaking import Speaker
from voice_node.speech.voice import Voice

SCENE = Scene(
    brief=make_brief(), script=load_script("seller_home_value"), now=datetime(2026, 11, 22, 16, tzinfo=UTC),
    opening_seconds=8.0,
)  # fmt: skip


def said(text: str, began: float, seconds: float = 2.0) -> Happening:
    return Happening(at=began + seconds, began=began, text=text)


@pytest.mark.parametrize("began", [0.5, 4.5, 9.0])
@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("hello", "human"),
        ("please leave a message after the tone", "voicemail"),
        ("the mailbox is full", "mailbox_full"),
        ("for sales press one", "ivr"),
        ("please say your name and why you're calling", "screening"),
        ("", "nobody"),
    ],
)
def test_words_tell_who_it_is_whenever_they_come(text: str, heard: str, began: float) -> None:
    assert taken_for([said(text, began)], SCENE).heard == heard


def test_a_machine_is_left_at_its_words_and_a_person_is_not() -> None:
    machine, person = [said("please leave a message", 1.0)], [said("yes this is maria", 1.0)]

    assert taken_for(machine, SCENE).left_at == 3.0
    assert taken_for(person, SCENE).left_at is None


def test_tones_tell_a_fax_and_a_voicemail_that_nobody_understood() -> None:
    fax, beep = Happening(at=3.0, tone=Tone.FAX), Happening(at=3.0, tone=Tone.BEEP)

    assert taken_for([fax], SCENE).heard == "fax"
    assert taken_for([said("mumble mumble", 0.5), beep], SCENE).heard == "voicemail"


def test_a_carrier_that_is_wrong_makes_a_person_wait_but_not_lose_the_call() -> None:
    noticed = with_verdict([said("hello", 1.0)], "machine_start", after_seconds=4.0)

    assert [each.at for each in noticed if each.verdict] == [5.0]
    assert taken_for(noticed, SCENE).heard == "voicemail"
    assert taken_for(noticed, SCENE, wonders=[said("hello are you there", 0.0)]).heard == "human"


def test_a_carrier_that_says_nothing_adds_nothing() -> None:
    noticed = [said("hello", 1.0)]

    assert with_verdict(noticed, "", after_seconds=4.0) == noticed
    assert with_verdict([], "machine_start", after_seconds=4.0) == []


def test_who_says_nothing_is_nobody_even_after_every_silence() -> None:
    assert taken_for([said("", 60.0)], SCENE).heard == "nobody"


async def test_silence_words_and_beep_are_noticed_when_they_come(scripted: Any, engine: EspeakEngine) -> None:
    speaker = Speaker(engine=engine, voice=Voice(name="en-us+klatt3"))
    answerer = Answerer(kind="voicemail", says=("Please leave a message.",), beep=True)
    sound = await recorded(answerer, speaker, silence_seconds=2.0, seed=1)

    words, beep = await happenings(sound, scripted("please leave a message"))

    assert words.text == "please leave a message"
    assert 2.4 < words.began < 3.2
    assert beep.tone is Tone.BEEP
    assert beep.at > words.at
    assert taken_for([words, beep], SCENE).heard == "voicemail"


@pytest.mark.parametrize("tone", ["answering", "modern"])
async def test_both_kinds_of_fax_are_known_by_their_tone(tone: str, scripted: Any, engine: EspeakEngine) -> None:
    answerer = Answerer.model_validate({"kind": "fax", "tone": tone})
    speaker = Speaker(engine=engine, voice=Voice(name="en-us"))
    sound = await recorded(answerer, speaker, silence_seconds=1.0, seed=1)

    noticed = await happenings(sound, scripted())

    assert sound.dtype == np.int16
    assert taken_for(noticed, SCENE).heard == "fax"


def test_the_set_has_every_kind() -> None:
    assert {each.kind for each in answerers()} == {"human", "voicemail", "mailbox_full", "ivr", "screening", "fax"}
