"""Logistic regression over what the ear sees of a turn, with the usual penalty on large weights."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from infra.models.second_ear.wordings import Example
from shared.conversation.understanding import Act
from shared.conversation.understanding.second_ear import BIAS, features

LEAST_EXAMPLES = 2
"""In so many examples something must be seen to have a weight."""

SMALLEST_WEIGHT = 0.1
PENALTY = 1 / 3
STEPS = 1_500
_RATE, _MEMORY = 0.05, (0.9, 0.999)
Floats = NDArray[np.float32]


def learned(examples: Sequence[Example], act: Act) -> dict[str, float]:
    """The weights that tell ``act`` from everything else, by what is seen; the bias has an empty name."""
    seen = [features(each.words) for each in examples]
    counts = Counter(each for one in seen for each in one)
    names = sorted(name for name, count in counts.items() if count >= LEAST_EXAMPLES)
    places = {name: place for place, name in enumerate(names)}
    table: Floats = np.zeros((len(examples), len(names) + 1), dtype=np.float32)
    table[:, -1] = 1.0
    for row, one in enumerate(seen):
        table[row, [places[each] for each in one if each in places]] = 1.0
    weights = fitted(table, np.array([each.act is act for each in examples], dtype=np.float32))
    told = {name: round(float(weights[place]), 2) for name, place in places.items()}
    kept = {name: weight for name, weight in told.items() if abs(weight) >= SMALLEST_WEIGHT}
    return {BIAS: round(float(weights[-1]), 2), **kept}


def fitted(table: Floats, is_meant: Floats) -> Floats:
    """The weight of each column of ``table`` (the last one is the bias, which has no penalty) that explain the rows."""
    weights = np.zeros(table.shape[1], dtype=np.float32)
    mean, spread = np.zeros_like(weights), np.zeros_like(weights)
    penalty = np.full_like(weights, PENALTY)
    penalty[-1] = 0.0
    for step in range(1, STEPS + 1):
        likely = 1.0 / (1.0 + np.exp(-(table @ weights)))
        slope = table.T @ (likely - is_meant) + penalty * weights
        mean = _MEMORY[0] * mean + (1 - _MEMORY[0]) * slope
        spread = _MEMORY[1] * spread + (1 - _MEMORY[1]) * slope**2
        pace = _RATE * (1 - step / STEPS) / (np.sqrt(spread / (1 - _MEMORY[1] ** step)) + 1e-8)
        weights = (weights - pace * mean / (1 - _MEMORY[0] ** step)).astype(np.float32)
    return weights
