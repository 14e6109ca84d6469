"""Spanish, told from English by the words that were recognised, even where the recogniser knows English alone."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from shared.conversation.understanding.phrases import DATA, Finder, PhraseList, finder
from shared.kernel.yaml_text import read_yaml

SPANISH = "es"
_WORD = re.compile(r"[a-z]+")
_LEAST, _SHARE = 2, 0.5


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is known of a language."""

    surely: Finder
    stop: Finder
    wrong_number: Finder
    words: frozenset[str]
    weak: frozenset[str]
    alone: frozenset[str]
    no_thanks: frozenset[str]


def speaks_spanish(text: str) -> bool:
    """Whether recognised words are Spanish, as they are or as English that only sounds like it."""
    known, words = _spanish(), bare(text)
    if words in known.alone or any(each.finds(words) for each in (known.surely, known.stop, known.wrong_number)):
        return True
    said = words.split()
    found = {word for word in said if word in known.words}
    share = sum(word in known.words for word in said) / max(len(said), 1)
    return len(found) >= _LEAST and share >= _SHARE and not found <= known.weak


def declines_in_spanish(text: str) -> bool:
    """Whether somebody who speaks Spanish does not want to be called back."""
    return bare(text) in _spanish().no_thanks


def stops_in_spanish(text: str) -> bool:
    """Whether somebody asks in Spanish not to be called again."""
    return _spanish().stop.finds(bare(text))


def is_wrong_number_in_spanish(text: str) -> bool:
    """Whether somebody says in Spanish that we have the wrong number."""
    return _spanish().wrong_number.finds(bare(text))


def bare(text: str) -> str:
    """The words of a text in plain letters: ``¿Quién?`` is ``quien``."""
    letters = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return " ".join(_WORD.findall(letters.replace("'", "")))


@cache
def _spanish() -> Words:
    told: dict[str, Any] = read_yaml((DATA / "spanish.yaml").read_text(encoding="utf-8"))
    return Words(
        surely=finder(PhraseList(phrases=tuple(told["surely"]))),
        stop=finder(PhraseList(phrases=tuple(told["stop"]))),
        wrong_number=finder(PhraseList(phrases=tuple(told["wrong_number"]))),
        words=frozenset(told["words"].split()),
        weak=frozenset(told["weak"].split()),
        alone=frozenset(told["alone"]),
        no_thanks=frozenset(told["no_thanks"]),
    )
