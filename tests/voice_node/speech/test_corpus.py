"""The corpus holds what leads say, and nothing the recogniser cannot pronounce."""

import re
from pathlib import Path

import pytest

from voice_node.speech.corpus import Phrase, is_known, phrases
from voice_node.speech.evaluation.words import evaluation_lines
from voice_node.speech.pronunciations import Unpronounceable, dictionary_for
from voice_node.speech.speech_model import SpeechModel, prepare_model
from voice_node.speech.spoken import spoken


@pytest.fixture(scope="module")
def corpus() -> tuple[Phrase, ...]:
    return phrases()


@pytest.mark.parametrize(
    "line",
    [
        "Yes, this is Maria.",
        "We're thinking about selling our house.",
        "Probably in the next three months.",
        "Around four hundred and fifty thousand dollars.",
        "Three bedrooms and two baths.",
        "No, we're not working with an agent.",
        "We haven't talked to a lender yet.",
        "Please take me off your list.",
        "Are you a robot?",
        "How did you get my number?",
        "Can you call me back tomorrow?",
        "Thursday at two works.",
        "The first one.",
        "Can we do Friday morning instead?",
        "Sorry, you have the wrong number.",
        "You've reached the voicemail of Robert. Please leave a message after the tone.",
        "Hi, the person you're calling is using a screening service. Please say your name and why you're calling.",
        "Thank you, bye.",
    ],
)
def test_what_leads_say_is_known(line: str) -> None:
    assert is_known(line)


def test_known_sentences_in_a_row_are_known() -> None:
    assert is_known("Yes, this is James. Who's calling?")
    assert not is_known("Yes, this is James. The basement floods every time it rains.")


def test_a_sentence_nobody_foresaw_is_not_known() -> None:
    assert not is_known("The basement floods every time it rains hard.")


def test_known_and_new_lines_are_both_measured() -> None:
    known = [line for line in evaluation_lines() if is_known(line)]
    assert len(known) > 60
    assert len(evaluation_lines()) - len(known) > 20


def test_sentences_to_learn_from_are_known_and_in_spoken_form(corpus: tuple[Phrase, ...]) -> None:
    sentences = [phrase.text for phrase in corpus]
    assert [text for text in sentences[::10] if spoken(text) != text] == []
    assert [text for text in sentences[:30_000:300] if not is_known(text)] == []


def test_the_corpus_is_the_same_every_time(corpus: tuple[Phrase, ...]) -> None:
    assert phrases() == corpus


def test_every_word_has_a_pronunciation(model: SpeechModel, corpus: tuple[Phrase, ...]) -> None:
    entries = model.dictionary.read_text(encoding="utf-8").splitlines()
    pronounced = {re.split(r"[ (]", entry)[0] for entry in entries}
    assert {word for phrase in corpus for word in phrase.text.split()} <= pronounced


def test_a_word_without_pronunciation_is_named(model: SpeechModel) -> None:
    with pytest.raises(Unpronounceable, match="frobnicate"):
        dictionary_for({"yes", "frobnicate"}, model.dictionary)


def test_the_model_is_made_once(cache: Path, model: SpeechModel) -> None:
    made_at = model.language_model.stat().st_mtime_ns
    assert prepare_model(cache) == model
    assert model.language_model.stat().st_mtime_ns == made_at
