"""Logistic regression over words and pairs of words, with the usual penalty on large weights."""

import json
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from infra.models.opt_out.wordings import Example
from shared.conversation.understanding.second_ear import grams

LEAST_EXAMPLES = 2
"""In so many examples a word or a pair must be to have a weight."""

SMALLEST_WEIGHT = 0.1
STEPS = 1_500
_RATE, _MEMORY = 0.05, (0.9, 0.999)
Floats = NDArray[np.float64]


def learned(examples: Sequence[Example]) -> str:
    """The weights as JSON, the bias under an empty key, one to a line."""
    counts = Counter(gram for each in examples for gram in grams(each.words))
    names = sorted(gram for gram, count in counts.items() if count >= LEAST_EXAMPLES)
    places = {name: place for place, name in enumerate(names)}
    seen: Floats = np.zeros((len(examples), len(names) + 1))
    seen[:, -1] = 1.0
    for row, each in enumerate(examples):
        seen[row, [places[gram] for gram in grams(each.words) if gram in places]] = 1.0
    asked: Floats = np.array([each.is_asked for each in examples], dtype=float)
    weights = fitted(seen, asked)
    told = {"": round(float(weights[-1]), 2)}
    told |= {name: round(float(weights[place]), 2) for name, place in places.items()}
    kept = {name: weight for name, weight in told.items() if not name or abs(weight) >= SMALLEST_WEIGHT}
    return json.dumps(kept, indent=0, ensure_ascii=True) + "\n"


def fitted(seen: Floats, asked: Floats) -> Floats:
    """The weights of the columns of ``seen`` that explain ``asked``; the last one is the bias, which has no penalty."""
    weights = np.zeros(seen.shape[1])
    mean, spread = np.zeros_like(weights), np.zeros_like(weights)
    penalty = np.ones_like(weights)
    penalty[-1] = 0.0
    for step in range(1, STEPS + 1):
        chance = 1.0 / (1.0 + np.exp(-(seen @ weights)))
        slope = seen.T @ (chance - asked) + penalty * weights
        mean = _MEMORY[0] * mean + (1 - _MEMORY[0]) * slope
        spread = _MEMORY[1] * spread + (1 - _MEMORY[1]) * slope**2
        pace = _RATE * (1 - step / STEPS) / (np.sqrt(spread / (1 - _MEMORY[1] ** step)) + 1e-8)
        weights = weights - pace * mean / (1 - _MEMORY[0] ** step)
    return weights
