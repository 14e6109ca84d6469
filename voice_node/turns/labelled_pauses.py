"""Pauses whose meaning is known, to measure by how often a turn is cut off and how long an answer is waited for.

Synthetic: sentences split where people stop to think, spoken by the embedded engine. No evidence for people; a
comparison of two ways to decide on the same sound.
"""

from dataclasses import dataclass

from voice_node.turns.endings import Expected


@dataclass(frozen=True, kw_only=True)
class SplitTurn:
    """One turn in the pieces it is spoken in; between them the caller pauses, after the last one they are done."""

    pieces: tuple[str, ...]
    expected: Expected = Expected.ANYTHING


def _turn(*pieces: str, expected: Expected = Expected.ANYTHING) -> SplitTurn:
    return SplitTurn(pieces=pieces, expected=expected)


TURNS: tuple[SplitTurn, ...] = (
    _turn("Yes.", expected=Expected.YES_NO),
    _turn("No.", expected=Expected.YES_NO),
    _turn("Yes, that's me.", expected=Expected.YES_NO),
    _turn("Speaking.", expected=Expected.YES_NO),
    _turn("No, not yet.", expected=Expected.YES_NO),
    _turn("Yes,", "but I already have an agent.", expected=Expected.YES_NO),
    _turn("Within three months."),
    _turn("I want to sell", "in about three months."),
    _turn("We are thinking of moving,", "because my wife got a new job in Dallas."),
    _turn("Well, let me think.", "Probably next spring."),
    _turn("It has three bedrooms and", "two bathrooms."),
    _turn("The kitchen is new, but", "the roof needs some work."),
    _turn("How much does it cost?"),
    _turn("Who is calling, please?"),
    _turn("I would like to", "talk to my husband first."),
    _turn("My number is five one two,", "five five five,", "zero one four two.", expected=Expected.DICTATION),
    _turn("Five one two,", "five five five,", "zero one nine nine."),
    _turn("I live at twelve", "forty five Oak Street.", expected=Expected.DICTATION),
    _turn("It's in good condition."),
    _turn("Thursday at", "four in the afternoon."),
    _turn("Thursday afternoon works for me."),
    _turn("Um,", "I guess around four hundred thousand dollars."),
    _turn("Can you call me back tomorrow?"),
    _turn("Hold on.", "Okay, I am back."),
    _turn("I'm not interested, thank you."),
    _turn("We own it together with", "my brother."),
    _turn("Maybe in June, or", "a little later."),
    _turn("We have been living here for the", "last twelve years."),
    _turn("I was wondering if", "you could send me something in writing."),
    _turn("That sounds good to me."),
    _turn("I'm already working with an agent."),
    _turn("We want to move closer to", "our grandchildren."),
)
PAUSE_SECONDS = (0.35, 0.6, 0.9)
"""How long the pauses within a turn are, in turn."""
