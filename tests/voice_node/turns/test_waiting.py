"""How long a pause must last, over all that words and sound can say."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_node.turns.endings import Ends
from voice_node.turns.waiting import JUDGED_BY_EAR, LIKELY_ENDS, wait_seconds

PROBABILITIES = st.floats(0, 1)


@given(st.sampled_from(Ends), PROBABILITIES, PROBABILITIES)
def test_the_more_it_sounds_over_the_shorter_the_wait(ends: Ends, one: float, other: float) -> None:
    assert wait_seconds(ends, max(one, other)) <= wait_seconds(ends, min(one, other))


@given(PROBABILITIES | st.none())
def test_the_less_the_words_are_finished_the_longer_the_wait(probability: float | None) -> None:
    order = (Ends.PLAIN, Ends.WHOLE, Ends.DICTATING, Ends.THINKING)

    assert all(wait_seconds(one, probability) <= wait_seconds(next_, probability) for one, next_ in pairwise(order))


@given(st.sampled_from(sorted(set(Ends) - JUDGED_BY_EAR)), PROBABILITIES | st.none())
def test_unfinished_words_are_waited_for_whatever_they_sound_like(ends: Ends, probability: float | None) -> None:
    assert wait_seconds(ends, probability) >= 1.0 or ends is Ends.PLAIN


@given(st.sampled_from(Ends), PROBABILITIES)
def test_a_model_that_is_too_busy_costs_no_more_than_its_worst_verdict(ends: Ends, probability: float) -> None:
    assert wait_seconds(ends, 1.0) <= wait_seconds(ends, None) <= wait_seconds(ends, 0.0)


@pytest.mark.parametrize("ends", sorted(LIKELY_ENDS))
def test_after_finished_words_that_sound_over_the_wait_is_shorter_than_a_plain_bots(ends: Ends) -> None:
    assert wait_seconds(ends, 0.95) < 0.2
