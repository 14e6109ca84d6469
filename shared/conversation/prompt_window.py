"""What of a long conversation a model is told: all that is known, the last turns as they were, the rest in short."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shared.conversation.state import ConversationState, Fact
from shared.conversation.tokens import PER_MESSAGE, clipped, tokens
from shared.kernel.errors import Malformed

MOST_HEARD, MOST_SAID, MOST_FACT, MOST_PAST = 200, 96, 56, 240
"""Tokens of one turn of the caller, of one of ours, of one fact, and of everything that is told in short."""
_WORDS_IN_SHORT = 8
_LEAST = 1_024


@dataclass(frozen=True, kw_only=True)
class Window:
    """How much a model may be told: ``most_tokens`` in all, of which it has ``answer_tokens`` for its answer.

    Tokens are counted by ``tokens``, which never counts too few.
    """

    most_tokens: int = 2_048
    answer_tokens: int = 128

    def __post_init__(self) -> None:
        """Refuse a window that a template, a question and a few facts would fill."""
        if self.most_tokens - self.answer_tokens < _LEAST:
            raise Malformed(f"a model's window of {self.most_tokens} tokens leaves less than {_LEAST} for its prompt")

    @property
    def room(self) -> int:
        """The tokens of a prompt."""
        return self.most_tokens - self.answer_tokens


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A turn of the caller, counted as in the state, and what we said to it."""

    turn: int
    heard: str
    said: str

    @cached_property
    def clipped(self) -> "Exchange":
        """The same, each side within its tokens."""
        return Exchange(turn=self.turn, heard=clipped(self.heard, MOST_HEARD), said=clipped(self.said, MOST_SAID))

    @cached_property
    def size(self) -> int:
        """Its tokens as two messages."""
        return tokens(self.heard) + tokens(self.said) + 2 * PER_MESSAGE


def fact_lines(facts: Iterable[Fact], *, room: int) -> str:
    """What they told, one line a fact with its turn and their words, the oldest first; as many as there is room for."""
    lines: list[str] = []
    for fact in sorted(facts, key=lambda each: each.turn):
        when = f"turn {fact.turn}" if fact.turn else "an earlier call"
        value = _plainly(fact.value)
        read_as = f"understood as {value}, " if fact.quote and fact.quote != value else ""
        told = f"{_named(fact.field)}: {fact.quote or value} ({read_as}{when})"
        line = f"- {clipped(told, MOST_FACT)}"
        room -= tokens(line) + 1
        if room < 0:
            break
        lines.append(line)
    return "\n".join(lines)


def last_turns(past: Sequence[Exchange], *, room: int) -> tuple[Exchange, ...]:
    """The newest exchanges that there is room for, oldest first."""
    kept: list[Exchange] = []
    for exchange in reversed(past):
        short = exchange.clipped
        room -= short.size
        if room < 0:
            break
        kept.append(short)
    return tuple(reversed(kept))


def in_short(state: ConversationState, older: Sequence[Exchange], *, room: int) -> str:
    """What happened before the last turns: what was asked and objected, and a few words of each turn, newest first."""
    room = min(room, MOST_PAST)
    told = [
        f"- {about}: {', '.join(_named(each) for each in found)}."
        for about, found in (
            ("Asked about", [topic for topic in state.asked if not topic.startswith("objection.")]),
            ("Their objections", state.objections),
            ("Times they could not make", [f"{len(state.refused_slots)}"] if state.refused_slots else ()),
        )
        if found
    ]
    kept: list[str] = []
    for line in told:
        line = clipped(line, room)
        if not line or (room := room - tokens(line) - 1) < 0:
            return "\n".join(kept)
        kept.append(line)
    words = []
    for exchange in reversed(older):
        said = " ".join(exchange.heard.split()[:_WORDS_IN_SHORT])
        line = f'- Turn {exchange.turn}: "{clipped(said, MOST_FACT)}"'
        room -= tokens(line) + 1
        if room < 0:
            break
        words.append(line)
    return "\n".join((*kept, *reversed(words)))


def _named(topic: str) -> str:
    return topic.replace("_", " ")


def _plainly(value: Any) -> str:
    if isinstance(value, dict):
        if "text" in value:
            return str(value["text"])
        return ", ".join(f"{name} {each}" for name, each in value.items())
    return str(value)
