"""What was heard of an utterance is right to the word, give or take one."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_node.speech.mulaw import from_mulaw
from voice_node.speech.renderer import Renderer
from voice_node.speech.voice import AGENT_VOICE
from voice_node.turns.word_times import heard_until, rests_in, word_ends

FINAL_LENGTHENING_SECONDS = 0.15
"""By so much the last word of what is spoken for itself is longer than within a sentence."""
SENTENCES = (
    "Hi Bob, this is Ava, an automated assistant calling for Acme Realty about the home value you asked for.",
    "Great. I have Thursday at 4 p.m. or Friday at 10 a.m. with Dana Fox, which one works better for you?",
    "The visit is free, takes about twenty minutes, and there is no obligation at all.",
)


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as running:
        yield running


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_words_heard_are_right_give_or_take_one(renderer: Renderer, sentence: str) -> None:
    words = sentence.split()
    pcm = from_mulaw(renderer.mulaw(sentence, AGENT_VOICE))
    total = len(pcm) / 16_000
    ends = word_ends(sentence, total, rests_in(pcm))
    out_at = [
        len(renderer.mulaw(" ".join(words[:number]), AGENT_VOICE)) / 8_000 - FINAL_LENGTHENING_SECONDS
        for number in range(1, len(words))
    ]
    wrong = []
    for step in range(1, int(total / 0.25)):
        played = step * 0.25
        heard = len(heard_until(sentence, ends, played)[0].split())
        wrong.append(abs(heard - sum(at <= played for at in out_at)))

    assert sum(off <= 1 for off in wrong) >= 0.95 * len(wrong)
    assert max(wrong) <= 2


@given(st.text(alphabet="abc .,?1", max_size=60), st.floats(0.1, 30), st.floats(0, 40))
def test_what_is_heard_is_the_beginning_of_the_text_up_to_a_word(text: str, seconds: float, played: float) -> None:
    heard, at = heard_until(text, word_ends(text, seconds), played)

    assert text.startswith(heard)
    assert not heard or text[len(heard) :][:1] in {"", " "}
    assert at <= played


@given(st.text(alphabet="abc .,", max_size=60), st.floats(0.1, 30))
def test_words_come_out_one_after_the_other_until_the_end(text: str, seconds: float) -> None:
    times = [end.seconds for end in word_ends(text, seconds)]

    assert times == sorted(times)
    assert not times or times[-1] == pytest.approx(seconds)
