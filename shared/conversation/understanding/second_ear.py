"""A second opinion on whether no more calls are wished, for wordings that no phrase foresees: learned weights of words.

It only ever adds to what the phrases hear, and only where it is sure. ``infra/models/opt_out`` learns the weights.
"""

import json
from functools import cache
from itertools import pairwise
from math import exp
from pathlib import Path

FILE = Path(__file__).parent / "data" / "opt_out_weights.json"
SURE = 0.85
"""How likely it must be."""

BIAS = ""


def is_surely_asked(words: str) -> bool:
    """Whether plain ``words`` are sure to ask not to be called again."""
    return chance(words) >= SURE


def chance(words: str) -> float:
    """How likely plain ``words`` ask not to be called again, from 0 to 1."""
    known = _weights()
    score = known[BIAS] + sum(known.get(gram, 0.0) for gram in grams(words))
    return 1.0 / (1.0 + exp(-score))


def grams(words: str) -> frozenset[str]:
    """The words and pairs of words of a turn, its start and its end among them."""
    said = ["^", *words.split(), "$"]
    return frozenset((*said, *(" ".join(pair) for pair in pairwise(said))))


@cache
def _weights() -> dict[str, float]:
    found: dict[str, float] = json.loads(FILE.read_text(encoding="utf-8"))
    return found
