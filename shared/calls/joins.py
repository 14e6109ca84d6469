"""How two tellings of the same thing are joined: in any order, any number of times, the same comes out."""

from datetime import datetime

RESULT_ORDER = ("canceled", "failed", "no-answer", "busy", "completed")
"""Of two endings that contradict each other the later one counts: a call that was held was not busy."""
ANSWERED_BY_ORDER = (
    "unknown",
    "human",
    "fax",
    "machine_start",
    "machine_end_other",
    "machine_end_silence",
    "machine_end_beep",
)


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two moments, or the one that is known."""
    if one is None or other is None:
        return one or other
    return min(one, other)


def larger(one: int | None, other: int | None) -> int | None:
    """The larger of two counts, or the one that is known."""
    if one is None or other is None:
        return other if one is None else one
    return max(one, other)


def later_of(order: tuple[str, ...], one: str | None, other: str | None) -> str | None:
    """The word that stands later in ``order``; one that is not in it comes first, by the alphabet."""
    words = [word for word in (one, other) if word]
    return max(words, key=lambda word: (order.index(word) if word in order else -1, word), default=None)
