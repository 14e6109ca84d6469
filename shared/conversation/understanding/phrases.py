"""Phrases as people write them down, turned into something that finds them in plain words.

A phrase is words with ``(this|that)`` for either, ``[perhaps]`` for optional words, ``*`` for up to three words of
any kind, ``word%`` for any ending and ``%ing`` for any beginning, ``^`` for the start and ``$`` for the end of the
turn, ``!(this|that)`` for what must not follow, ``<!(this|that)`` for words that must not come before, and ``@name``
for any of the list of that name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from shared.conversation.understanding.first_words import NOT_BEFORE, FirstWords, first_words
from shared.conversation.understanding.normal import plain
from shared.kernel.errors import Malformed
from shared.kernel.yaml_text import read_yaml

DATA = Path(__file__).parent / "data"
LISTS = "lists"
"""The entry of a file that is no meaning: word lists, by the names that phrases call them."""

_TOKEN = re.compile(r"<?!\(|[()\[\]|*^$]|[^\s()\[\]|*^$!<]+")
_SIGNS = {
    "(": "(?:", ")": ")", "[": "(?:", "]": ")?", "|": "|", "*": r"(?:\S+ ){0,3}", "^": r"(?<=\A )", "$": r"\Z",
    "!(": "(?!", "<!(": "",
}  # fmt: skip
_LIST = re.compile(r"@(\w+)")
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class PhraseList(BaseModel):
    """The phrases of one meaning, and turns of speech that only look like them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    phrases: tuple[Phrase, ...]
    unless: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Finder:
    """Finds the phrases of one meaning. ``first`` are the words that one may start with."""

    wanted: re.Pattern[str]
    masked: re.Pattern[str] | None
    first: FirstWords

    def last(self, words: str) -> int:
        """Where the last phrase starts in plain ``words``; -1 when there is none."""
        match = self._last_match(words)
        return match.start() if match else -1

    def finds(self, words: str) -> bool:
        """Whether any phrase is there."""
        return self._last_match(words) is not None

    def evidence(self, words: str) -> str:
        """The words of the last phrase; empty when there is none."""
        match = self._last_match(words)
        return match.group().strip() if match else ""

    def _last_match(self, words: str) -> re.Match[str] | None:
        text = f" {words} "
        found = self._last_in(text)
        if found is None or self.masked is None:
            return found
        return self._last_in(self.masked.sub("~ ", text))

    def _last_in(self, text: str) -> re.Match[str] | None:
        """Only places where a phrase may start are tried: most finders have nothing to do in most turns."""
        found, end = None, 0
        for start in self.first.places(text):
            if start >= end and (match := self.wanted.match(text, start)):
                found, end = match, match.end()
        return found


def finder(entry: PhraseList, lists: Mapping[str, str] | None = None) -> Finder:
    """What finds the phrases of ``entry``.

    Args:
        entry: The phrases, and what only looks like them.
        lists: Word lists that they may name, each written as a phrase.

    Raises:
        Malformed: A phrase has unbalanced brackets, or names a list that is not there.
    """
    phrases = [_tokens(phrase, lists or {}) for phrase in entry.phrases]
    masks = [_tokens(phrase, lists or {}) for phrase in entry.unless]
    return Finder(
        wanted=re.compile("|".join(map(_pattern, phrases))),
        masked=re.compile("(?<= )(?:" + "|".join(map(_pattern, masks)) + ")") if masks else None,
        first=FirstWords.of(first_words(each) for each in phrases),
    )


def _tokens(phrase: str, lists: Mapping[str, str]) -> list[str]:
    """The signs and plain words of a phrase; a word that is several in plain form becomes several."""
    whole = phrase
    try:
        while "@" in whole:
            whole = _LIST.sub(lambda name: f"({lists[name.group(1)]})", whole)
    except KeyError as error:
        raise Malformed(f"{phrase!r} names the list {error.args[0]!r}, which is not there") from error
    return [word for token in _TOKEN.findall(whole) for word in ([token] if token in _SIGNS else _plain(token))]


def _plain(token: str) -> list[str]:
    if token.startswith("%"):
        return [token]
    stem = token.removesuffix("%")
    words = plain(stem).split() or [stem.lower()]
    return words if stem == token else [*words[:-1], f"{words[-1]}%"]


def _pattern(tokens: list[str]) -> str:
    parts, place = [], 0
    while place < len(tokens):
        end = place + 1
        if tokens[place] == NOT_BEFORE:
            end = tokens.index(")", place) + 1 if ")" in tokens[place:] else len(tokens)
            parts += [f"(?<! {re.escape(word)} )" for word in tokens[place + 1 : end - 1] if word != "|"]
        else:
            parts.append(_SIGNS.get(tokens[place]) or _word(tokens[place]))
        place = end
    pattern = "".join(parts)
    try:
        re.compile(pattern)
    except re.error as error:
        raise Malformed(f"{' '.join(tokens)!r} is not a phrase: {error}") from error
    return pattern


def _word(token: str) -> str:
    if token.startswith("%"):
        return r"\w+" + re.escape(token.removeprefix("%")) + " "
    return re.escape(token.removesuffix("%")) + (r"\w* " if token.endswith("%") else " ")


@cache
def finders(name: str) -> dict[str, Finder]:
    """The finders of one data file, by meaning, in the order of the file.

    Raises:
        Malformed: The file is not what it should be.
    """
    entries = _read(name)
    lists = entries.pop(LISTS, {})
    return {meaning: finder(_entry(raw), lists) for meaning, raw in entries.items()}


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
