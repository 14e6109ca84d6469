"""On labelled pauses fewer turns are cut off than by a plain bot, and answers come sooner."""

from collections.abc import Callable

from voice_node.speech.mulaw import from_mulaw
from voice_node.turns.evaluate import our_end, plain_end, score, spoken_turn
from voice_node.turns.labelled_pauses import TURNS


def test_half_sentences_are_not_cut_off_and_whole_ones_are_answered(spoken: Callable[[str], bytes]) -> None:
    def speak(text: str) -> bytes:
        return from_mulaw(spoken(text))

    chosen = [turn for turn in TURNS if " ".join(turn.pieces) in {
        "Thursday at four in the afternoon.",
        "I was wondering if you could send me something in writing.",
        "We want to move closer to our grandchildren.",
        "That sounds good to me.",
    }]  # fmt: skip
    turns = [spoken_turn(turn, speak, seed=number) for number, turn in enumerate(chosen)]

    ours, plain = score(turns, our_end), score(turns, plain_end)

    assert ours.turns == plain.turns == 4
    assert ours.cut_offs == 0
    assert all(0.1 < wait <= 1.2 for wait in ours.waits)
    assert ours.median_wait < 1.0
