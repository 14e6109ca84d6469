"""Misheard sentences are put right, and ordinary ones left as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.conversation.understanding.garbled import repaired
from shared.conversation.understanding.normal import plain


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("take me of your lost", "take me off your list"),
        ("please on sub scribe me", "please unsubscribe me"),
        ("lose my numb her", "lose my number"),
        ("please stop cooling me now", "please stop calling me now"),
        ("with draw my can sent", "withdraw my consent"),
        ("are you a row bot", "are you a robot"),
        ("is this a real purse in", "is this a real person"),
    ],
)
def test_a_sentence_that_fell_apart_is_put_right(heard: str, meant: str) -> None:
    assert repaired(plain(heard)) == meant


@pytest.mark.parametrize(
    "words", ["take me off your list", "i live in round rock", "the last one you said", "stop by on tuesday", ""]
)
def test_what_is_right_or_ordinary_is_left_as_it_is(words: str) -> None:
    assert repaired(words) == words


@given(
    st.lists(st.sampled_from(["take", "me", "off", "the", "list", "a", "stop", "calling", "i", "want"]), max_size=12)
)
def test_putting_right_twice_changes_nothing_more_than_once(said: list[str]) -> None:
    once = repaired(" ".join(said))

    assert isinstance(once, str)
    assert once == " ".join(once.split())
