"""The second ear: what it sees of a turn, and that it hears only what it is sure of."""

from hypothesis import given
from hypothesis import strategies as st

from shared.conversation.understanding.second_ear import SURE, chance, features, surely_heard


def test_words_pairs_and_kinds_are_seen() -> None:
    seen = features("please stop ringing me")

    assert {"stop", "stop ringing", "^ please", "STOP+CALL", "STOP..CALL..ME", "me $"} <= seen


def test_kinds_are_seen_across_other_words() -> None:
    assert "STOP..CALL" in features("stop all those silly calls")
    assert "RID..AWAY" in features("take it right off")


@given(st.text(alphabet="abcdefgh ", max_size=60))
def test_it_hears_exactly_what_it_is_sure_of(text: str) -> None:
    words = " ".join(text.split())
    sure = {act for act, least in SURE.items() if words and chance(words, act) >= least}

    assert surely_heard(words) == sure


def test_silence_means_nothing() -> None:
    assert surely_heard("") == frozenset()
