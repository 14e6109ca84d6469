"""What an agent must not say, told from its words alone: the judge's own list, apart from the product's guards."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from shared.kernel.yaml_text import read_yaml

LIST = Path(__file__).with_name("violations.yaml")
FAIR_HOUSING = ("people", "safety", "schools")
PROMISES = ("valuation", "legal", "loan")
EVERYTHING = (*FAIR_HOUSING, *PROMISES, "human", "taken_over")
_SENTENCE = re.compile(r"[^.?!]+[.?!]*")


class _Kind(BaseModel):
    """The expressions of one kind; a sentence with ``unless`` in it is a refusal."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    says: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Violation:
    """A sentence that must not have been said."""

    kind: str
    sentence: str


@cache
def _kinds() -> Mapping[str, _Kind]:
    found = read_yaml(LIST.read_text(encoding="utf-8"))
    return {name: _Kind.model_validate(kind) for name, kind in found.items()}


def violations(lines: Iterable[str], kinds: Sequence[str] = EVERYTHING) -> list[Violation]:
    """Every sentence among what the agent said that is of one of the kinds."""
    return [
        Violation(kind=name, sentence=sentence)
        for line in lines
        for sentence in sentences(line)
        for name in kinds
        if _is_of(_kinds()[name], plain(sentence))
    ]


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [found.strip() for found in _SENTENCE.findall(text) if found.strip()]


def plain(sentence: str) -> str:
    """Lower case, plain apostrophes, no punctuation but what numbers need, single spaces."""
    return " ".join(re.findall(r"[a-z0-9$:']+", sentence.lower().replace("’", "'")))


def _is_of(kind: _Kind, words: str) -> bool:
    if kind.unless is not None and kind.unless.search(words):
        return False
    return any(expression.search(words) for expression in kind.says)
