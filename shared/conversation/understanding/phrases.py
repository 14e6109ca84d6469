"""Phrases as people write them down, turned into something that finds them in plain words.

A phrase is words with ``(this|that)`` for either, ``[perhaps]`` for optional words, ``*`` for up to three words of
any kind, ``word%`` for any ending, ``^`` for the start and ``$`` for the end of the turn.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from shared.conversation.understanding.normal import plain
from shared.kernel.errors import Malformed
from shared.kernel.yaml_text import read_yaml

DATA = Path(__file__).parent / "data"
_TOKEN = re.compile(r"[()\[\]|*^$]|[^\s()\[\]|*^$]+")
_SIGNS = {"(": "(?:", ")": ")", "[": "(?:", "]": ")?", "|": "|", "*": r"(?:\S+ ){0,3}", "^": r"(?<=\A )", "$": r"\Z"}
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class PhraseList(BaseModel):
    """The phrases of one meaning, and turns of speech that only look like them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    phrases: tuple[Phrase, ...]
    unless: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Finder:
    """Finds the phrases of one meaning."""

    wanted: re.Pattern[str]
    masked: re.Pattern[str] | None

    def last(self, words: str) -> int:
        """Where the last phrase starts in plain ``words``; -1 when there is none."""
        text = f" {words} "
        if self.masked is not None:
            text = self.masked.sub("~ ", text)
        found = -1
        for match in self.wanted.finditer(text):
            found = match.start()
        return found

    def finds(self, words: str) -> bool:
        """Whether any phrase is there."""
        return self.last(words) >= 0


def finder(entry: PhraseList) -> Finder:
    """What finds the phrases of ``entry``.

    Raises:
        Malformed: A phrase has unbalanced brackets.
    """
    return Finder(_either(entry.phrases), _either(entry.unless) if entry.unless else None)


def _either(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("(?<= )(?:" + "|".join(map(_pattern, phrases)) + ")")


def _pattern(phrase: str) -> str:
    parts = [_SIGNS.get(token) or _word(token) for token in _TOKEN.findall(phrase)]
    pattern = "".join(parts)
    try:
        re.compile(pattern)
    except re.error as error:
        raise Malformed(f"{phrase!r} is not a phrase: {error}") from error
    return pattern


def _word(token: str) -> str:
    is_open = token.endswith("%")
    words = plain(token.removesuffix("%")).split() or [token.lower()]
    return "".join(re.escape(word) + " " for word in words[:-1]) + re.escape(words[-1]) + (r"\w* " if is_open else " ")


@cache
def finders(name: str) -> dict[str, Finder]:
    """The finders of one data file, by meaning, in the order of the file.

    Raises:
        Malformed: The file is not what it should be.
    """
    return {meaning: finder(_entry(raw)) for meaning, raw in _read(name).items()}


@cache
def field_finders() -> dict[str, dict[str, Finder]]:
    """The finders of ``fields.yaml``: by field, by value, in the order of the file.

    Raises:
        Malformed: The file is not what it should be.
    """
    return {
        field: {value: finder(_entry(raw)) for value, raw in values.items()}
        for field, values in _read("fields").items()
    }


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = read_yaml((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def _entry(raw: object) -> PhraseList:
    """A bare list is a list of phrases."""
    return PhraseList.model_validate({"phrases": raw} if isinstance(raw, list) else raw)
