"""What a recogniser makes of a few sentences that must not be missed: put back into the words that were meant.

"Take me of your lost", "on sub scribe me", "are you a row bot". A stretch of words is taken for a sentence when it is
spelled and sounds almost like it, word by word.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import jellyfish
from pydantic import BaseModel, ConfigDict

from shared.conversation.understanding.phrases import DATA
from shared.kernel.yaml_text import read_yaml

_FEWER, _MORE = 2, 4
"""So many words fewer and more than meant may have been heard."""

_LEAST_OF_A_WORD = 0.55
_LEAST_OF_A_PLAIN_WORD = 0.75
_LEAST_OF_TWO_IN_ONE = 0.8
_PLAIN = frozenset({
    "it", "in", "at", "on", "the", "a", "an", "to", "be", "you", "that", "this", "is", "was", "for", "and", "my", "we",
    "they", "he", "she", "if", "so", "or", "as", "by", "from", "with", "late", "too", "til", "out", "about", "his",
    "her", "their", "have", "has", "him", "them", "what", "when", "who", "how", "name", "now", "not", "one", "anything",
    "back", "yet", "before", "after", "call", "contact", "buy", "off", "end", "can", "will", "there", "real", "your",
})  # fmt: skip
_ALIKE = str.maketrans({"0": "T", "X": "S", "J": "S", "V": "F", "G": "K", "N": "M", "D": "T", "B": "P", "Z": "S"})
_VOWELS = re.compile(r"[AEIOUYHW]")


class Meant(BaseModel):
    """Sentences and how alike words must be to be taken for one of them, from 0 to 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    alike: float
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class _Sentence:
    words: tuple[str, ...]
    letters: str
    sound: str
    alike: float


@dataclass(frozen=True)
class _Found:
    alike: float
    end: int
    words: tuple[str, ...]


def repaired(words: str) -> str:
    """Plain ``words`` with every stretch that sounds like one of the sentences put right; often the same."""
    said = words.split()
    result: list[str] = []
    place = 0
    while place < len(said):
        found = _at(said, place)
        result += found.words if found else said[place : place + 1]
        place = found.end if found else place + 1
    return " ".join(result)


def _at(said: Sequence[str], place: int) -> _Found | None:
    """The sentence that the words from ``place`` on are most alike, if they are alike enough."""
    best: _Found | None = None
    for sentence in _may_start(tuple(said[place : place + 3])):
        length = len(sentence.words)
        for end in range(place + max(1, length - _FEWER), min(len(said), place + length + _MORE) + 1):
            heard = tuple(said[place:end])
            if heard == sentence.words:
                return None  # nothing to put right here
            if len(heard) == len(sentence.words) == 1:
                continue  # a word of its own, unless it fell apart
            alike = _alike(heard, sentence)
            if alike >= sentence.alike and (best is None or alike > best.alike) and _fits(heard, sentence.words):
                best = _Found(alike, end, sentence.words)
    return best


def _alike(heard: Sequence[str], sentence: _Sentence) -> float:
    """How alike words are to a sentence as a whole, half by their letters and half by their sound."""
    letters = "".join(heard)
    if abs(len(letters) - len(sentence.letters)) > 1 + len(sentence.letters) // 4:
        return 0.0
    by_letters = _share(letters, sentence.letters)
    return (by_letters + _share(_sound(letters), sentence.sound)) / 2 if by_letters > 0.5 else 0.0


@lru_cache(maxsize=4096)
def _fits(heard: tuple[str, ...], meant: tuple[str, ...]) -> bool:
    """Whether the words can be told apart so that each part is like a word that was meant; one may be heard as three."""
    if not heard or not meant:
        return not heard and not meant
    for taken in (1, 2, 3):
        if taken <= len(heard) and _word_alike(heard[:taken], meant[:1]) and _fits(heard[taken:], meant[1:]):
            return True
    two = "".join(meant[:2])
    is_two = len(meant) > 1 and heard[0] not in _PLAIN and _share(heard[0], two) >= _LEAST_OF_TWO_IN_ONE
    return is_two and _fits(heard[1:], meant[2:])


@lru_cache(maxsize=8192)
def _word_alike(heard: tuple[str, ...], meant: tuple[str, ...]) -> bool:
    one, other = "".join(heard), "".join(meant)
    if one == other:
        return True
    least = _LEAST_OF_A_PLAIN_WORD if len(heard) == 1 and heard[0] in _PLAIN else _LEAST_OF_A_WORD
    return max(_share(one, other), _share(_sound(one), _sound(other))) >= least


@lru_cache(maxsize=8192)
def _may_start(said: tuple[str, ...]) -> tuple[_Sentence, ...]:
    """The sentences whose first word these words may be: one of them, or two or three that it fell into."""
    found = list(_starting(said[0]))
    for first, sentences in _by_first_word().items():
        is_part = len(said[0]) < len(first) and sentences[0] not in found
        if is_part and (first[0] == said[0][0] or _sound(first)[:1] == _sound(said[0])[:1]):
            found += sentences if any(_word_alike(said[:count], (first,)) for count in (2, 3)) else ()
    return tuple(found)


@lru_cache(maxsize=4096)
def _starting(word: str) -> tuple[_Sentence, ...]:
    """The sentences whose first word, or first two, this word may be."""
    return tuple(
        sentence
        for first, sentences in _by_first_word().items()
        for sentence in sentences
        if _word_alike((word,), (first,)) or _share(word, "".join(sentence.words[:2])) >= _LEAST_OF_TWO_IN_ONE
    )


@lru_cache(maxsize=8192)
def _sound(letters: str) -> str:
    """The consonants as they sound; those that a recogniser takes for one another are one."""
    return _VOWELS.sub("", str(jellyfish.metaphone(letters)).translate(_ALIKE))


@lru_cache(maxsize=16384)
def _share(one: str, other: str) -> float:
    longest = max(len(one), len(other))
    return 1.0 - jellyfish.levenshtein_distance(one, other) / longest if longest else 1.0


@cache
def _by_first_word() -> dict[str, tuple[_Sentence, ...]]:
    found: dict[str, tuple[_Sentence, ...]] = {}
    for sentence in _sentences():
        found[sentence.words[0]] = (*found.get(sentence.words[0], ()), sentence)
    return found


@cache
def _sentences() -> tuple[_Sentence, ...]:
    groups = [Meant.model_validate(each) for each in read_yaml((DATA / "garbled.yaml").read_text(encoding="utf-8"))]
    return tuple(
        _Sentence(tuple(text.split()), text.replace(" ", ""), _sound(text.replace(" ", "")), group.alike)
        for group in groups
        for text in group.sentences
    )
