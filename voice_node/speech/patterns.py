"""Phrase patterns: ``[maybe] {weekday} (at|around) {hour}`` stands for every sentence it makes.

``(a|b)`` is one of the two, ``[a|b]`` one of them or nothing, ``{slot}`` a part that phrases share.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Protocol

from shared.kernel.errors import Malformed

TOKEN = re.compile(r"[\[\]()|]|\{\w+\}|[^\[\](){}|\s]+")
CLOSING = {"(": ")", "[": "]"}
LEFT_OUT = 0.4
"""How often an optional part is left out of a drawn sentence."""


class BadPattern(Malformed):
    """A phrase pattern cannot be read."""


class Part(Protocol):
    """A piece of a pattern."""

    count: int
    """How many wordings it stands for; the same words may be counted twice."""

    def regex(self) -> str:
        """A regular expression for its wordings, every word followed by one space."""
        ...

    def draw(self, chance: Random) -> str:
        """One of its wordings; over many draws each alternative takes its turn."""
        ...


class Word:
    """One word."""

    count = 1

    def __init__(self, text: str) -> None:
        self._text = text

    def regex(self) -> str:
        """The word and a space."""
        return re.escape(self._text) + " "

    def draw(self, _chance: Random) -> str:
        """The word."""
        return self._text


class InOrder:
    """Parts that follow each other."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self.count = 1
        for part in parts:
            self.count *= part.count

    def regex(self) -> str:
        """The parts one after the other."""
        return "".join(part.regex() for part in self._parts)

    def draw(self, chance: Random) -> str:
        """A wording of each part."""
        return " ".join(filter(None, [part.draw(chance) for part in self._parts]))


class OneOf:
    """Alternatives, or nothing where the part is optional.

    Draws go round all alternatives before one repeats, so that few draws show them all.
    """

    def __init__(self, choices: Sequence[Part], *, optional: bool = False) -> None:
        self._choices = choices
        self._optional = optional
        self._waiting: list[Part] = []
        self.count = sum(choice.count for choice in choices) + optional

    def regex(self) -> str:
        """Any of the alternatives."""
        body = "|".join(choice.regex() for choice in self._choices)
        return f"(?:{body}){'?' if self._optional else ''}"

    def draw(self, chance: Random) -> str:
        """A wording of the alternative whose turn it is."""
        if self._optional and chance.random() < LEFT_OUT:
            return ""
        if not self._waiting:
            self._waiting = chance.sample(list(self._choices), len(self._choices))
        return self._waiting.pop().draw(chance)


class PatternReader:
    """Reads patterns.

    Args:
        slots: The pattern, or patterns, that each ``{name}`` stands for.
    """

    def __init__(self, slots: Mapping[str, str | Sequence[str]]) -> None:
        self._patterns = slots
        self._slots: dict[str, Part] = {}

    def read(self, pattern: str) -> Part:
        """The parts of a pattern.

        Raises:
            BadPattern: A bracket is not closed, or a slot does not exist.
        """
        tokens = _Tokens(pattern)
        part = self._alternatives(tokens)
        if tokens.next is not None:
            raise BadPattern(f"{tokens.next!r} is not expected in the phrase {pattern!r}")
        return part

    def _alternatives(self, tokens: "_Tokens", *, optional: bool = False) -> Part:
        choices = [self._in_order(tokens)]
        while tokens.next == "|":
            tokens.take()
            choices.append(self._in_order(tokens))
        return choices[0] if len(choices) == 1 and not optional else OneOf(choices, optional=optional)

    def _in_order(self, tokens: "_Tokens") -> Part:
        parts: list[Part] = []
        while tokens.next not in (None, "|", ")", "]"):
            parts.append(self._part(tokens))
        if not parts:
            raise BadPattern(f"an empty choice in the phrase {tokens.pattern!r}")
        return parts[0] if len(parts) == 1 else InOrder(parts)

    def _part(self, tokens: "_Tokens") -> Part:
        opening = tokens.take()
        if opening in CLOSING:
            part = self._alternatives(tokens, optional=opening == "[")
            if tokens.next != CLOSING[opening]:
                raise BadPattern(f"a {opening!r} is not closed in the phrase {tokens.pattern!r}")
            tokens.take()
            return part
        return self._slot(opening[1:-1]) if opening.startswith("{") else Word(opening)

    def _slot(self, name: str) -> Part:
        if name not in self._slots:
            if name not in self._patterns:
                raise BadPattern(f"there is no slot {name!r}")
            patterns = self._patterns[name]
            listed = [patterns] if isinstance(patterns, str) else patterns
            self._slots[name] = OneOf([self.read(pattern) for pattern in listed])
        return self._slots[name]


class _Tokens:
    """The tokens of one pattern, and the place reached in them."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._rest: Iterator[str] = iter(TOKEN.findall(pattern))
        self.next: str | None = next(self._rest, None)

    def take(self) -> str:
        """The next token, and one step on."""
        taken = self.next
        if taken is None:
            raise BadPattern(f"the phrase {self.pattern!r} ends too early")
        self.next = next(self._rest, None)
        return taken
