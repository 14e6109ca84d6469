"""Where a phrase may start at all: a quick look before the slow one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

NOT_BEFORE, NOT_AFTER = "<!(", "!("
_OPENING = frozenset({"(", "[", NOT_AFTER, NOT_BEFORE})


@dataclass(frozen=True)
class FirstWords:
    """The words that phrases start with, whole and as stems; ``anything`` when one may start with any word."""

    whole: frozenset[str]
    stems: tuple[str, ...]
    anything: bool

    @classmethod
    def of(cls, each: Iterable[set[str] | None]) -> "FirstWords":
        """Those of several phrases; ``None`` is a phrase that may start with any word."""
        found = list(each)
        words = set().union(*(words for words in found if words is not None))
        return cls(
            whole=frozenset(word for word in words if not word.endswith("%")),
            stems=tuple(sorted(word.removesuffix("%") for word in words if word.endswith("%"))),
            anything=None in found,
        )

    def places(self, text: str) -> Sequence[int]:
        """Where words start that a phrase may start with, in a text with one space around every word."""
        starts, words = _starts(text)
        if self.anything:
            return [start for start, _ in starts]
        if self.whole.isdisjoint(words) and not (self.stems and any(word.startswith(self.stems) for word in words)):
            return ()
        return [start for start, word in starts if word in self.whole or (self.stems and word.startswith(self.stems))]


@lru_cache(maxsize=16)
def _starts(text: str) -> tuple[tuple[tuple[int, str], ...], frozenset[str]]:
    """Every word and where it starts. The finders of one turn all look at the same text."""
    found, start = [], 1
    for word in text.split():
        found.append((start, word))
        start += len(word) + 1
    return tuple(found), frozenset(word for _, word in found)


def first_words(signs: Sequence[str]) -> set[str] | None:
    """The words that a phrase may start with; ``None`` when it may be any."""
    words, may_be_empty = _sequence(list(signs))
    return None if may_be_empty or "*" in words else words


def _sequence(signs: list[str]) -> tuple[set[str], bool]:
    """The first words of signs up to their end, and whether the signs may take no word at all."""
    words: set[str] = set()
    place = 0
    while place < len(signs):
        sign = signs[place]
        if sign in _OPENING:
            end = _closing(signs, place)
            within, is_optional = _either(signs[place + 1 : end])
            is_optional = is_optional or sign != "("
            within = set() if sign in (NOT_AFTER, NOT_BEFORE) else within
            place = end
        else:
            within, is_optional = ({sign}, sign == "*") if sign not in ("^", "$") else (set(), True)
        words |= within
        if not is_optional:
            return words, False
        place += 1
    return words, True


def _either(signs: list[str]) -> tuple[set[str], bool]:
    words: set[str] = set()
    is_empty = False
    for part in _parts(signs):
        found, may_be_empty = _sequence(part)
        words |= found
        is_empty = is_empty or may_be_empty
    return words, is_empty


def _parts(signs: list[str]) -> list[list[str]]:
    """The alternatives between the bars that are not inside of brackets."""
    parts: list[list[str]] = [[]]
    depth = 0
    for sign in signs:
        depth += (sign in _OPENING) - (sign in (")", "]"))
        if sign == "|" and depth == 0:
            parts.append([])
        else:
            parts[-1].append(sign)
    return parts


def _closing(signs: list[str], place: int) -> int:
    """Where the bracket that opens at ``place`` closes; the end when it never does."""
    depth = 0
    for end in range(place, len(signs)):
        depth += (signs[end] in _OPENING) - (signs[end] in (")", "]"))
        if depth == 0:
            return end
    return len(signs)
