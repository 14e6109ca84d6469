"""What is relied on of a changing guess, and what is not believed at all."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_node.speech.recognition.hallucination import Hypothesis, believable, phantoms, without_repeats
from voice_node.speech.recognition.stable_prefix import StablePrefix

WORD = st.sampled_from(["yes", "no", "call", "me", "back", "five", "please"])
GUESSES = st.lists(st.lists(WORD, max_size=6), max_size=12)


def guess(text: str, *, logprob: float = -0.2, no_speech: float = 0.02, seconds: float = 3.0) -> Hypothesis:
    return Hypothesis(text=text, average_logprob=logprob, no_speech=no_speech, seconds=seconds)


@given(GUESSES)
def test_what_was_relied_on_once_stays_and_only_grows(guesses: list[list[str]]) -> None:
    stable, before = StablePrefix(), tuple[str, ...]()
    for words in guesses:
        after = stable.update(words)
        assert after[: len(before)] == before
        before = after


@given(GUESSES)
def test_every_word_relied_on_was_in_two_guesses_in_a_row(guesses: list[list[str]]) -> None:
    stable = StablePrefix()
    for words in guesses:
        stable.update(words)
    agreed = list(stable.words)
    pairs = pairwise(guesses)
    assert not agreed or any(one[: len(agreed)] == agreed == other[: len(agreed)] for one, other in pairs)


@given(st.lists(WORD, max_size=6))
def test_a_guess_that_is_made_again_is_relied_on_whole(words: list[str]) -> None:
    stable = StablePrefix()
    stable.update(words)
    assert stable.update(words) == tuple(words)


@given(st.lists(WORD, max_size=40))
def test_taking_repeats_away_twice_is_taking_them_away_once_and_invents_nothing(words: list[str]) -> None:
    kept = without_repeats(words)
    assert without_repeats(kept) == kept
    rest = iter(words)
    assert all(word in rest for word in kept)


@given(st.lists(WORD, max_size=40), st.floats(-5, 0), st.floats(0, 1), st.floats(0, 30))
def test_nothing_is_believed_that_was_not_guessed(
    words: list[str], logprob: float, no_speech: float, seconds: float
) -> None:
    made = guess(" ".join(words), logprob=logprob, no_speech=no_speech, seconds=seconds)
    assert believable(made) in ("", " ".join(without_repeats(words)))
    assert 0.0 <= made.confidence <= 1.0


@pytest.mark.parametrize(
    "text", ["Yes, this is Robert.", "no no no", "Thank you.", "My number is 5 5 5 5 5 5 5.", "Bye!"]
)
def test_what_people_say_is_believed(text: str) -> None:
    assert believable(guess(text))


@pytest.mark.parametrize(
    "text", ["Thank you for watching!", "Thanks for watching", "Subtitles by the Amara.org community"]
)
def test_what_videos_end_with_is_never_believed(text: str) -> None:
    assert believable(guess(text, logprob=-0.05, no_speech=0.0)) == ""


@pytest.mark.parametrize("text", ["Thank you.", "you", "Bye."])
def test_what_noise_becomes_is_not_believed_when_the_model_doubts(text: str) -> None:
    assert believable(guess(text, no_speech=0.4)) == ""
    assert believable(guess(text, logprob=-0.9)) == ""


def test_silence_is_when_both_figures_say_so() -> None:
    assert believable(guess("we want to sell", no_speech=0.9)) == "we want to sell"
    assert believable(guess("we want to sell", no_speech=0.9, logprob=-1.4)) == ""


def test_words_that_come_faster_than_anybody_speaks_are_not_believed() -> None:
    text = "we would like to sell the house on oak street next year"
    assert believable(guess(text, seconds=0.3)) == ""
    assert believable(guess(text, seconds=4.0)) == text


def test_a_model_that_cannot_stop_is_cut_short() -> None:
    assert believable(guess("call me " * 30, seconds=20)) == "call me call me call me"
    assert without_repeats(["five"] * 8) == ["five"] * 8


def test_the_list_of_phantoms_is_in_spoken_form_and_parted() -> None:
    always, doubtful = phantoms()["always"], phantoms()["doubtful"]
    assert "thanks for watching" in always
    assert not always & doubtful
    assert "" not in always | doubtful
