"""How many words the recogniser gets wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.kernel.errors import Unavailable
from voice_node.speech.spoken import spoken

SHORT_FORMS = {"'re": " are", "'m": " am", "'ve": " have", "'ll": " will", "n't": " not"}
"""Endings that sound like the words they stand for."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was said and what was heard, as text."""

    said: str
    heard: str


def word_error_rate(readings: Sequence[Reading]) -> float:
    """Words replaced, left out or added, per word said; 0.0 when every word is right.

    Both sides are compared in spoken form, so ``$450,000`` equals ``four hundred fifty thousand
    dollars``; case, punctuation and short forms (``we're`` for ``we are``) do not count.

    Raises:
        Unavailable: The ``jiwer`` package is missing.
    """
    try:
        import jiwer
    except ImportError as missing:
        raise Unavailable("scoring is missing: install the package jiwer") from missing
    if not readings:
        return 0.0
    said = [comparable(reading.said) for reading in readings]
    return float(jiwer.wer(said, [comparable(reading.heard) for reading in readings]))


def comparable(text: str) -> str:
    """The text in spoken form with short forms in full."""
    words = spoken(text).replace("can't", "can not").replace("won't", "will not")
    for short, full in SHORT_FORMS.items():
        words = words.replace(short, full)
    return words
