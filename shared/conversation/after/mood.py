"""Somebody's mood by their words: from -1 (angry) to 1 (glad), turn by turn and as it runs through a call."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any, Literal

from shared.conversation.understanding.normal import plain
from shared.kernel.yaml_text import read_yaml

WORDS = Path(__file__).parent / "moods.yaml"
Label = Literal["positive", "neutral", "negative"]
LONGEST = 4
"""So many words has the longest phrase."""
_REACH = 3
_STRONGER = 1.5
_DAMPING = 6.0
_WEIGHT_OF_NOW = 0.4
_FELT_FROM = 0.15


@dataclass(frozen=True, kw_only=True)
class Moods:
    """Phrases in plain words with their weights, and the words that turn or strengthen what follows them."""

    weights: Mapping[tuple[str, ...], float]
    turns: frozenset[str]
    strengthens: frozenset[str]


def mood_of(text: str) -> float:
    """The mood of one turn, from -1 to 1; 0 where nothing tells of any."""
    moods, words = _moods(), plain(text).split()
    total, place = 0.0, 0
    while place < len(words):
        length = next((n for n in range(LONGEST, 0, -1) if tuple(words[place : place + n]) in moods.weights), 0)
        if length:
            total += _felt(moods.weights[tuple(words[place : place + length])], words[:place], moods)
        place += length or 1
    return round(total / sqrt(total * total + _DAMPING), 3)


def running(before: float, text: str) -> float:
    """The mood once ``text`` was heard: what is heard now counts most; words that tell nothing change little."""
    now = mood_of(text)
    weight = _WEIGHT_OF_NOW if now else _WEIGHT_OF_NOW / 4
    return round((1 - weight) * before + weight * now, 3)


def label_of(mood: float) -> Label:
    """The mood in a word."""
    if abs(mood) < _FELT_FROM:
        return "neutral"
    return "positive" if mood > 0 else "negative"


def _felt(weight: float, before: list[str], moods: Moods) -> float:
    """The weight of a phrase after the words right before it: "not good" is a little bad, "not bad" a little good."""
    near = before[-_REACH:]
    if near and near[-1] in moods.strengthens:
        weight *= _STRONGER
    return -weight / 2 if any(word in moods.turns for word in near) else weight


@cache
def _moods() -> Moods:
    raw: dict[str, Any] = read_yaml(WORDS.read_text(encoding="utf-8"))
    signs = ((1, raw["glad"]), (-1, raw["unhappy"]))
    return Moods(
        weights={
            tuple(plain(phrase).split()): float(sign * strength)
            for sign, strengths in signs
            for strength, phrases in strengths.items()
            for phrase in phrases
        },
        turns=frozenset(raw["turns"]),
        strengthens=frozenset(raw["strengthens"]),
    )
