"""Phrases: their signs, their lists, and the quick look before the slow one, which changes nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.conversation.understanding.phrases import Finder, PhraseList, finder
from shared.kernel.errors import Malformed

WORDS = ("stop", "calling", "call", "me", "the", "bus", "please", "now", "list", "off")


def finds(*phrases: str, unless: tuple[str, ...] = (), **lists: str) -> Finder:
    return finder(PhraseList(phrases=phrases, unless=unless), lists)


@pytest.mark.parametrize(
    ("phrase", "words", "is_found"),
    [
        ("stop [all] calls", "stop all calls", True),
        ("stop [all] calls", "stop calls", True),
        ("stop !(by|in)", "stop by", False),
        ("stop !(by|in)", "stop", True),
        ("<!(bus|last) stop $", "the bus stop", False),
        ("<!(bus|last) stop $", "please stop", True),
        ("<!(bus|last) stop $", "stop", True),
        ("^stop", "please stop", False),
        ("call%", "calling", True),
        ("take * off", "take my name right off", True),
        ("take * off", "take my whole long name off", False),
        ("can't call", "can not call", True),
    ],
)
def test_a_phrase_is_found_as_its_signs_say(phrase: str, words: str, is_found: bool) -> None:
    assert finds(phrase).finds(words) is is_found


def test_a_list_stands_for_each_of_its_words_and_may_name_another() -> None:
    found = finds("stop @going_on @us", going_on="calling|@messages", messages="texting|writing", us="me|us")

    assert found.evidence("please stop texting us now") == "stop texting us"


def test_a_list_that_is_not_there_is_said() -> None:
    with pytest.raises(Malformed, match="'nothing'"):
        finds("stop @nothing")


def test_brackets_that_do_not_close_are_said() -> None:
    with pytest.raises(Malformed, match="is not a phrase"):
        finds("(stop|call")


def test_what_only_looks_like_a_phrase_is_left_out() -> None:
    found = finds("stop", unless=("bus stop",))

    assert not found.finds("at the bus stop")
    assert found.finds("at the bus stop please stop")


@given(
    st.lists(st.sampled_from((*WORDS, "call%", "[me]", "(call|stop)", "*", "!(me|now)", "<!(me|bus)")), max_size=4),
    st.sampled_from(WORDS),
    st.lists(st.sampled_from(WORDS), max_size=8),
)
def test_looking_only_where_a_phrase_may_start_finds_the_same(signs: list[str], word: str, said: list[str]) -> None:
    found, text = finds(" ".join((*signs, word))), f" {' '.join(said)} "
    everywhere = re.search(f"(?<= )(?:{found.wanted.pattern})", text)

    assert found.finds(" ".join(said)) == (everywhere is not None)
