"""The words that a model's answers are judged by: ``claims.yaml``, read once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.conversation.understanding.days import MONTHS, WEEKDAYS
from shared.conversation.understanding.numbers import ORDINALS, SCALES, SMALL
from shared.kernel.errors import Malformed
from shared.kernel.yaml_text import read_yaml

FILE = Path(__file__).parent / "claims.yaml"
_ENDINGS = ("ings", "ing", "ied", "ies", "ed", "es", "ly", "s")
_SHORTEST = 3
_HARMLESS_FIGURES = {"one", "first", "second", "k"}


@lru_cache(maxsize=8_192)
def root(word: str) -> str:
    """A word without its ending, so that its forms are one: "selling" and "sells" are "sell"."""
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST and not word.endswith("ss"):
            return _plain_stem(f"{stem}y" if ending in ("ied", "ies") else stem)
    return _plain_stem(word)


def _plain_stem(stem: str) -> str:
    if len(stem) > _SHORTEST and stem[-1] == stem[-2] and stem[-1] not in "lse":
        stem = stem[:-1]
    return stem.removesuffix("e") if len(stem) > _SHORTEST else stem


class _Phrases(BaseModel):
    """Patterns over plain words; looked for only where one of the words ``when`` is there."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    when: str
    says: tuple[str, ...]
    only_if_asked: bool = False


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    version: Literal[1]
    banned: Mapping[str, str]
    phrases: Mapping[str, _Phrases]
    figures: str
    days: str
    openers: str
    empty: str
    everyday: str


@dataclass(frozen=True, kw_only=True)
class _Pattern:
    when: frozenset[str]
    says: re.Pattern[str]
    only_if_asked: bool


@dataclass(frozen=True, kw_only=True)
class ClaimWords:
    """``banned`` may be said only where the script does; ``everyday`` are the roots of the words that are free.

    ``openers`` begin a sentence and are no names; ``empty`` are roots that do not tell what a question is about.
    """

    banned: frozenset[str]
    figures: frozenset[str]
    days: frozenset[str]
    openers: frozenset[str]
    empty: frozenset[str]
    everyday: frozenset[str]
    patterns: tuple[_Pattern, ...]

    def phrases(self, words: Sequence[str], *, was_asked: bool) -> Iterator[re.Pattern[str]]:
        """The patterns that can be in the words; some are claims only where the caller has asked something."""
        said = frozenset(words)
        for pattern in self.patterns:
            if not pattern.when.isdisjoint(said) and (was_asked or not pattern.only_if_asked):
                yield pattern.says


@cache
def claim_words() -> ClaimWords:
    """The words.

    Raises:
        Malformed: The file is not what it should be.
    """
    try:
        told = _File.model_validate(read_yaml(FILE.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise Malformed(f"{FILE.name}: {error}") from error
    patterns = tuple(
        _Pattern(
            when=frozenset(each.when.split()),
            says=re.compile("|".join(f"(?: {one} )" for one in each.says)),
            only_if_asked=each.only_if_asked,
        )
        for each in told.phrases.values()
    )
    figures = (frozenset(SMALL) | frozenset(ORDINALS) | frozenset(SCALES)) - _HARMLESS_FIGURES
    everyday = frozenset(map(root, f"{told.everyday} {told.openers} {told.empty}".split()))
    return ClaimWords(
        banned=frozenset(form for words in told.banned.values() for word in words.split() for form in _forms(word)),
        figures=figures | frozenset(told.figures.split()),
        days=frozenset(WEEKDAYS) | frozenset(MONTHS) - {"may", "march"} | frozenset(told.days.split()),
        openers=frozenset(told.openers.split()),
        empty=frozenset(map(root, told.empty.split())),
        everyday=everyday,
        patterns=patterns,
    )


def _forms(word: str) -> set[str]:
    """A word with its endings; one with ``=`` before it stands for itself alone."""
    if word.startswith("="):
        return {word[1:]}
    short = word.removesuffix("e")
    return {word, f"{word}s", f"{word}es", f"{short}ed", f"{short}ing", f"{word.removesuffix('y')}ies"}
