"""Texts that Whisper makes up: what it writes over noise and silence, and words it cannot stop repeating."""

import math
import zlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from shared.kernel.yaml_text import read_yaml
from voice_node.speech.spoken import spoken

PHANTOMS = files("voice_node.speech") / "data" / "whisper_phantoms.yaml"
NO_SPEECH, UNLIKELY = 0.6, -1.0
"""Whisper's own limits (arXiv 2212.04356, section 4.5): no speech when both say so."""
DOUBT_NO_SPEECH, DOUBT_UNLIKELY = 0.2, -0.6
"""Beyond one of these, a phrase that noise often becomes is taken for noise."""
REPETITIVE = 2.4
"""Whisper's own limit for how well a text may compress."""
WORDS_PER_SECOND, WORDS_AT_ONCE = 6.0, 3
"""Faster than this nobody speaks; short sounds are given some words."""
LONGEST_PATTERN, MOST_REPEATS, MOST_DIGITS = 6, 3, 8
DIGITS = frozenset(["zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])


@dataclass(frozen=True, kw_only=True)
class Hypothesis:
    """What the model made of a stretch of sound.

    ``average_logprob`` is per token (0 at best), ``no_speech`` the probability of silence, ``seconds`` of sound.
    """

    text: str
    average_logprob: float
    no_speech: float
    seconds: float

    @property
    def confidence(self) -> float:
        """How much the model believes it, from 0 to 1: the mean token's probability, and that somebody spoke."""
        return min(1.0, max(0.0, math.exp(min(self.average_logprob, 0.0)) * (1.0 - self.no_speech)))


@cache
def phantoms() -> dict[str, frozenset[str]]:
    """Known inventions in spoken form, by ``always`` and ``doubtful``."""
    table = read_yaml(PHANTOMS.read_text(encoding="utf-8"))
    return {kind: frozenset(spoken(phrase) for phrase in table[kind]) for kind in ("always", "doubtful")}


def believable(guess: Hypothesis) -> str:
    """The words that were probably said, in spoken form; ``""`` when nobody spoke."""
    words = without_repeats(spoken(guess.text).split())
    text = " ".join(words)
    if guess.no_speech > NO_SPEECH and guess.average_logprob < UNLIKELY:
        return ""
    if text in phantoms()["always"]:
        return ""
    doubted = guess.no_speech > DOUBT_NO_SPEECH or guess.average_logprob < DOUBT_UNLIKELY
    if doubted and text in phantoms()["doubtful"]:
        return ""
    if len(words) > WORDS_AT_ONCE + WORDS_PER_SECOND * guess.seconds or compression(text) > REPETITIVE:
        return ""
    return text


def without_repeats(words: list[str]) -> list[str]:
    """The words, a pattern that comes more than three times in a row left three times; digits may come eight times."""
    kept: list[str] = []
    for word in words:
        kept.append(word)
        if surplus := _surplus(kept):
            del kept[-surplus:]
    return kept


def _surplus(words: list[str]) -> int:
    """How many words at the end repeat what came before them too often."""
    for length in range(1, LONGEST_PATTERN + 1):
        pattern = words[-length:]
        times = (MOST_DIGITS if DIGITS.issuperset(pattern) else MOST_REPEATS) + 1
        if words[-length * times :] == pattern * times:
            return length
    return 0


def compression(text: str) -> float:
    """How many times shorter the text gets by zlib; 1 and less for short texts."""
    encoded = text.encode()
    return len(encoded) / len(zlib.compress(encoded)) if encoded else 0.0
