"""What was said is remembered by turns, the last ones of the last calls."""

from shared.conversation.prompt_window import Exchange
from shared.kernel.ids import AttemptId
from voice_node.brains.recollection import MOST_CALLS, MOST_TURNS, Recollection

ADA, BOB = AttemptId("ada"), AttemptId("bob")


def said(turn: int, heard: str = "yes", text: str = "Good.") -> Exchange:
    return Exchange(turn=turn, heard=heard, said=text)


def test_the_turns_before_one_are_told_in_order() -> None:
    kept = Recollection()
    for turn in (1, 2, 3):
        kept.note(ADA, said(turn))

    assert [exchange.turn for exchange in kept.before(ADA, 3)] == [1, 2]
    assert kept.before(BOB, 3) == []


def test_a_turn_that_is_answered_anew_counts_once() -> None:
    kept = Recollection()
    kept.note(ADA, said(1, heard="I would", text="Good."))
    kept.note(ADA, said(1, heard="I would not", text="That's fine."))

    assert kept.before(ADA, 2) == [said(1, heard="I would not", text="That's fine.")]


def test_what_is_said_more_to_the_same_words_is_added() -> None:
    kept = Recollection()
    kept.note(ADA, said(1, text="One moment."))
    kept.note(ADA, said(1, text="It is done."))

    assert kept.before(ADA, 2) == [said(1, text="One moment. It is done.")]


def test_only_the_last_turns_and_calls_are_kept() -> None:
    kept = Recollection()
    for turn in range(MOST_TURNS + 10):
        kept.note(ADA, said(turn))
    assert len(kept.before(ADA, 1_000)) == MOST_TURNS

    for number in range(MOST_CALLS):
        kept.note(AttemptId(f"call-{number}"), said(1))
    assert kept.before(ADA, 1_000) == []


def test_a_call_that_is_over_is_forgotten() -> None:
    kept = Recollection()
    kept.note(ADA, said(1))
    kept.forget(ADA)
    kept.forget(ADA)

    assert kept.before(ADA, 2) == []
