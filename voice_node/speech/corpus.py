"""What people are expected to say: the phrase files, as sentences to learn from and as a test."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from random import Random

import yaml

from voice_node.speech.patterns import Part, PatternReader
from voice_node.speech.spoken import spoken

PHRASES = files("voice_node.speech") / "phrases"
SLOTS, PHRASEBOOK = "slots.yaml", "phrasebook.txt"
PHRASEBOOK_WEIGHT = 8.0
MOST_DRAWS = 300
DRAWS_PER_SENTENCE = 3
"""Drawing three times as often as there are sentences shows nearly all of them."""
SENTENCE_END = re.compile(r"(?<=[a-z'][.!?])\s+(?=[A-Z0-9])")
JOINED, JOINED_SHARE, SHORT_OPENER = 4_000, 0.15, 4
"""How many pairs of sentences are joined, their part of all counts, and the longest first one in words."""
TRUST = 4.0
"""How much each count weighs against the chance of words that were never seen."""
POPULARITY = 0.5
"""A pattern of n sentences counts as much as n to this power single ones."""


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """A sentence in spoken form and how often it counts."""

    text: str
    count: float


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A line of a phrase file and how much it counts."""

    part: Part
    weight: float


def phrase_files() -> list[Traversable]:
    """The files the corpus is made from, in a fixed order."""
    return sorted((entry for entry in PHRASES.iterdir() if entry.is_file()), key=lambda entry: entry.name)


def content_hash() -> str:
    """Changes whenever a phrase file changes."""
    digest = sha256()
    for file in phrase_files():
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def phrases() -> tuple[Phrase, ...]:
    """Sentences to learn from, each once, the same ones every time.

    Patterns that stand for many sentences give a sample that shows every alternative.

    Raises:
        BadPattern: A phrase file cannot be read.
    """
    counts: dict[str, float] = dict.fromkeys(sorted(_phrasebook()), TRUST * PHRASEBOOK_WEIGHT)
    chance = Random(7)
    for pattern in _patterns():
        size = pattern.part.count
        draws = min(MOST_DRAWS, 1 if size == 1 else size * DRAWS_PER_SENTENCE)
        share = TRUST * pattern.weight * size**POPULARITY / draws
        for _ in range(draws):
            sentence = pattern.part.draw(chance)
            counts[sentence] = counts.get(sentence, 0.0) + share
    single = [Phrase(text=text, count=count) for text, count in counts.items() if text]
    return (*single, *_joined(single, chance))


def _joined(single: Sequence[Phrase], chance: Random) -> Iterator[Phrase]:
    """Pairs of sentences said in one breath, most often a short answer and what it is about."""
    weights = [phrase.count for phrase in single]
    openers = [phrase for phrase in single if len(phrase.text.split()) <= SHORT_OPENER]
    first = chance.choices(openers, [phrase.count for phrase in openers], k=JOINED)
    second = chance.choices(single, weights, k=JOINED)
    count = JOINED_SHARE * sum(weights) / JOINED
    texts = dict.fromkeys(f"{one.text} {other.text}" for one, other in zip(first, second, strict=True))
    known = {phrase.text for phrase in single}
    return (Phrase(text=text, count=count) for text in texts if text not in known)


def corpus_sentences() -> frozenset[str]:
    """The sentences and pairs of them that the language model learns from, in spoken form."""
    return frozenset(phrase.text for phrase in phrases())


def is_known(text: str) -> bool:
    """Whether the phrase files make this text, or each sentence of it, word for word."""
    return _is_made(spoken(text)) or all(_is_made(spoken(part)) for part in SENTENCE_END.split(text))


def _is_made(words: str) -> bool:
    return words in _phrasebook() or any(known.fullmatch(words + " ") for known in _expressions())


@cache
def _phrasebook() -> frozenset[str]:
    return frozenset(spoken(line) for line in _lines(PHRASES / PHRASEBOOK))


@cache
def _expressions() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern.part.regex()) for pattern in _patterns())


def _patterns() -> Iterator[Pattern]:
    reader = PatternReader(yaml.safe_load((PHRASES / SLOTS).read_text(encoding="utf-8")))
    for file in phrase_files():
        if file.name in (SLOTS, PHRASEBOOK) or not file.name.endswith(".txt"):
            continue
        weight = 1.0
        for line in _lines(file):
            if line.startswith("%weight "):
                weight = float(line.removeprefix("%weight "))
            else:
                yield Pattern(part=reader.read(line), weight=weight)


def _lines(file: Traversable) -> Iterator[str]:
    for line in file.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if text and not text.startswith("#"):
            yield text
