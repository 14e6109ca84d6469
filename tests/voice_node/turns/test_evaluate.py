"""On labelled pauses fewer turns are cut off than by a plain bot, and answers come sooner."""

from collections.abc import Callable
from math import inf

from voice_node.speech.mulaw import from_mulaw
from voice_node.turns.evaluate import PauseScore, our_end, plain_end, score, spoken_turn
from voice_node.turns.labelled_pauses import TURNS, SplitTurn


async def test_half_sentences_are_not_cut_off_and_whole_ones_are_answered(spoken: Callable[[str], bytes]) -> None:
    def speak(text: str) -> bytes:
        return from_mulaw(spoken(text))

    chosen = [turn for turn in TURNS if " ".join(turn.pieces) in {
        "Thursday at four in the afternoon.",
        "I was wondering if you could send me something in writing.",
        "We want to move closer to our grandchildren.",
        "That sounds good to me.",
    }]  # fmt: skip
    turns = [spoken_turn(turn, speak, seed=number) for number, turn in enumerate(chosen)]

    ours, plain = await score(turns, our_end), await score(turns, plain_end)

    assert ours.turns == plain.turns == 4
    assert ours.cut_offs == 0
    assert all(0.1 < wait <= 1.2 for wait in ours.waits)
    assert ours.median_wait < 1.0
    assert (ours.precision, ours.recall) == (1.0, sum(wait <= 1.0 for wait in ours.waits) / 4)


def test_words_that_were_misheard_are_what_the_decision_rests_on(spoken: Callable[[str], bytes]) -> None:
    half = SplitTurn(pieces=("I would like to", "talk to my husband first."))

    def speak(text: str) -> bytes:
        return from_mulaw(spoken(text))

    right, wrong = spoken_turn(half, speak, seed=1), spoken_turn(half, speak, seed=1, heard=lambda piece: "yes")

    assert right.text_until(right.ends[0]) == "I would like to"
    assert wrong.text_until(wrong.ends[1]) == "yes yes"


def test_a_turn_that_was_cut_off_counts_against_precision_and_a_late_one_against_recall() -> None:
    found = PauseScore(turns=4, cut_offs=1, waits=(0.3, 1.4, inf))

    assert found.precision == 2 / 3
    assert found.recall == 1 / 4
    assert PauseScore(turns=0, cut_offs=0, waits=()).precision == 0.0
