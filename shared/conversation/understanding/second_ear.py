"""A second opinion on what must be heard, for wordings that no phrase foresees: learned weights of words.

It only ever adds to what the phrases hear, and only where it is sure. ``infra/models/second_ear`` learns the weights.
"""

import json
from functools import cache
from itertools import pairwise
from math import exp

from shared.conversation.understanding.acts import Act
from shared.conversation.understanding.phrases import DATA
from shared.kernel.yaml_text import read_yaml

WEIGHTS = DATA / "second_ear.json"
BIAS = ""
SURE = {Act.OPT_OUT: 0.85, Act.ROBOT_QUESTION: 0.8}
"""How likely it must be. A robot question that is none gets a true answer; an opt-out that is none ends the call."""

_OTHER = "*"


def surely_heard(words: str) -> frozenset[Act]:
    """What plain ``words`` are sure to mean."""
    if not words:
        return frozenset()
    seen = features(words)
    return frozenset(act for act, least in SURE.items() if _chance(seen, _weights()[act.value]) >= least)


def chance(words: str, act: Act) -> float:
    """How likely plain ``words`` mean that, from 0 to 1."""
    return _chance(features(words), _weights()[act.value])


def features(words: str) -> frozenset[str]:
    """What is seen of a turn: words, pairs, and how kinds of words follow each other, or with others between."""
    said = ["^", *words.split(), "$"]
    kinds = [_kinds().get(word, word if word in "^$" else _OTHER) for word in said]
    known = [kind for kind in kinds if kind != _OTHER]
    return frozenset((
        *said,
        *(f"{one} {two}" for one, two in pairwise(said)),
        *(f"{one}+{two}" for one, two in pairwise(kinds) if (one, two) != (_OTHER, _OTHER)),
        *(f"{a}+{b}+{c}" for a, b, c in zip(kinds, kinds[1:], kinds[2:], strict=False) if (a, b, c).count(_OTHER) < 2),
        *(f"{one}..{two}" for one, two in pairwise(known)),
        *(f"{a}..{b}..{c}" for a, b, c in zip(known, known[1:], known[2:], strict=False)),
    ))  # fmt: skip


def _chance(seen: frozenset[str], weights: dict[str, float]) -> float:
    return 1.0 / (1.0 + exp(-weights[BIAS] - sum(weights.get(each, 0.0) for each in seen)))


@cache
def _weights() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return found


@cache
def _kinds() -> dict[str, str]:
    listed: dict[str, str] = read_yaml((DATA / "ear_words.yaml").read_text(encoding="utf-8"))
    return {word: kind for kind, words in listed.items() for word in words.split()}
