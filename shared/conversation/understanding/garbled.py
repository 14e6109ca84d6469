"""What a recogniser makes of a few sentences that must not be missed: put back into the words that were meant.

"Take me of your lost", "on sub scribe me", "are you a row bot". A stretch of words is taken for a sentence when it is
spelled and sounds almost like it, word by word.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import accumulate

import jellyfish
from pydantic import BaseModel, ConfigDict

from shared.conversation.understanding.phrases import DATA
from shared.kernel.yaml_text import read_yaml

_FEWER, _MORE = 2, 4
"""So many words fewer and more than meant may have been heard."""

_MOST_WORDS = 16
_LEAST_OF_A_WORD = 0.55
_LEAST_OF_A_PLAIN_WORD = 0.75
_LEAST_OF_TWO_IN_ONE = 0.8
_PLAIN = frozenset({
    "it", "in", "at", "on", "the", "a", "an", "to", "be", "you", "that", "this", "is", "was", "for", "and", "my", "we",
    "they", "he", "she", "if", "so", "or", "as", "by", "from", "with", "late", "too", "til", "out", "about", "his",
    "her", "their", "have", "has", "him", "them", "what", "when", "who", "how", "name", "now", "not", "one", "anything",
    "back", "yet", "before", "after", "call", "contact", "buy", "off", "end", "can", "will", "there", "real", "your",
})  # fmt: skip
_BEGINNINGS = frozenset({"with", "on", "and", "an", "in"})
"""Plain words that other words begin with when they fall apart: "with draw", "on subscribe"."""

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

    @cached_property
    def slack(self) -> int:
        """By how many letters what was heard may be longer or shorter."""
        return 1 + len(self.letters) // 4


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
    joined = list(accumulate(said[place : place + _MOST_WORDS]))
    for sentence in _may_start(tuple(said[place : place + 3])):
        fewest = max(1, len(sentence.words) - _FEWER)
        for count, letters in enumerate(joined[fewest - 1 : len(sentence.words) + _MORE], start=fewest):
            if abs(len(letters) - len(sentence.letters)) > sentence.slack:
                continue
            if letters == sentence.letters and count == len(sentence.words):
                return None  # nothing to put right here
            if count == len(sentence.words) == 1:
                continue  # a word of its own, unless it fell apart
            alike = _alike(letters, sentence)
            if alike < sentence.alike or (best is not None and alike <= best.alike):
                continue
            if _fits(tuple(said[place : place + count]), sentence.words):
                best = _Found(alike, place + count, sentence.words)
    return best


def _alike(letters: str, sentence: _Sentence) -> float:
    """How alike words are to a sentence as a whole, half by their letters and half by their sound."""
    by_letters = share(letters, sentence.letters)
    if by_letters <= 2 * sentence.alike - 1:
        return 0.0
    return (by_letters + share(sound(letters), sentence.sound)) / 2


@lru_cache(maxsize=4096)
def _fits(heard: tuple[str, ...], meant: tuple[str, ...]) -> bool:
    """Whether the words fall into parts that are each like a word that was meant; one may be heard as three."""
    if not heard or not meant:
        return not heard and not meant
    for taken in (1, 2, 3):
        if taken <= len(heard) and _word_alike(heard[:taken], meant[:1]) and _fits(heard[taken:], meant[1:]):
            return True
    return _is_two_in_one(heard[0], meant) and _fits(heard[1:], meant[2:])


@lru_cache(maxsize=8192)
def _word_alike(heard: tuple[str, ...], meant: tuple[str, ...]) -> bool:
    one, other = "".join(heard), "".join(meant)
    if one == other:
        return True
    least = _LEAST_OF_A_PLAIN_WORD if _PLAIN.issuperset(heard) else _LEAST_OF_A_WORD
    return max(_share(one, other), _share(_sound(one), _sound(other))) >= least


def _may_start(said: tuple[str, ...]) -> list[_Sentence]:
    """The sentences that three words may be the start of: the first word may have fallen into two or three."""
    found = list(_merged(said[0]))
    for first, is_whole in _heads(said[0]):
        taken = 1 if is_whole else next((n for n in (2, 3) if _word_alike(said[:n], (first,))), 0)
        found += [each for each in _by_first_word()[first] if _goes_on(said, taken, each)] if taken else ()
    return found


@lru_cache(maxsize=4096)
def _heads(word: str) -> tuple[tuple[str, bool], ...]:
    """The first words of sentences that ``word`` may be, and whether it may be the whole of them or a part."""
    found = []
    for first in _by_first_word():
        is_whole = _word_alike((word,), (first,))
        is_part = len(word) < len(first) and bool(_sound(word)) and _sound(first).startswith(_sound(word))
        if is_whole or (is_part and (word not in _PLAIN or word in _BEGINNINGS)):
            found.append((first, is_whole))
    return tuple(found)


@lru_cache(maxsize=4096)
def _merged(word: str) -> tuple[_Sentence, ...]:
    """The sentences whose first two words may have become this one."""
    return tuple(each for each in _sentences() if _is_two_in_one(word, each.words))


def _goes_on(said: tuple[str, ...], taken: int, sentence: _Sentence) -> bool:
    """Whether the word after the first is like the second one that is meant; what lies further on is not looked at."""
    rest, second = said[taken:], sentence.words[1:2]
    if not rest or not second:
        return True
    may_be_part = len(rest[0]) < len(second[0])
    return (
        _word_alike(rest[:1], second)
        or (may_be_part and _word_alike(rest[:2], second))
        or _is_two_in_one(rest[0], sentence.words[1:])
    )


def _is_two_in_one(word: str, meant: tuple[str, ...]) -> bool:
    """Whether one word was heard for two."""
    return len(meant) > 1 and word not in _PLAIN and _share(word, "".join(meant[:2])) >= _LEAST_OF_TWO_IN_ONE


def sound(letters: str) -> str:
    """The consonants as they sound; those that a recogniser takes for one another are one."""
    return _VOWELS.sub("", str(jellyfish.metaphone(letters)).translate(_ALIKE))


def share(one: str, other: str) -> float:
    """How much of two strings is the same, from 0 to 1."""
    longest = max(len(one), len(other))
    return 1.0 - jellyfish.levenshtein_distance(one, other) / longest if longest else 1.0


_sound = lru_cache(maxsize=8192)(sound)
_share = lru_cache(maxsize=16384)(share)
"""For words, which come again in every turn; stretches of them do not."""


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
