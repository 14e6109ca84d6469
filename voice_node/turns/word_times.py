"""When each word of an utterance is out, from its text, how long its sound is, and where that rests."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_WORD = re.compile(r"\S+")
_VOWELS = re.compile(r"[aeiouy]+")
_NUMBER = re.compile(r"\d")
_SPELLED = re.compile(r"(?:[A-Za-z]\.){2,}|(?:Mr|Mrs|Ms|Dr|St|Ave)\.")
"""Their full stops end no sentence; single letters are said one by one."""
_SENTENCE_PAUSE, _CLAUSE_PAUSE = 2.0, 0.9
"""How long the rests behind a sentence and a clause are, in syllables."""
_DIGIT = 1.4
TYPICAL_SECONDS_PER_SYLLABLE = 0.2
_STEP_BYTES, _STEP_SECONDS = 160, 0.01
_QUIET_SHARE, _LEAST_REST_SECONDS = 0.04, 0.1


def _weight(word: str) -> float:
    """How long a word takes, in syllables."""
    if _SPELLED.fullmatch(word):
        return 0.9 * max(word.count("."), 2)
    letters = word.strip(".,;:!?\"'()").lower()
    digits = len(_NUMBER.findall(letters))
    syllables = len(_VOWELS.findall(letters)) - (letters.endswith("e") and len(letters) > 3)
    return max(syllables, 1) * 0.75 + 0.06 * len(letters) + _DIGIT * digits


def _rest(word: str) -> float:
    if _SPELLED.fullmatch(word):
        return 0.0
    if word[-1] in ".!?…":
        return _SENTENCE_PAUSE
    return _CLAUSE_PAUSE if word[-1] in ",;:" else 0.0


@dataclass(frozen=True, kw_only=True)
class WordEnd:
    """Where a word ends: after so many characters of the text, so many seconds from its first sound."""

    characters: int
    seconds: float


def word_ends(text: str, seconds: float | None, rests: Sequence[tuple[float, float]] = ()) -> list[WordEnd]:
    """Where each word of ``text`` ends, in order.

    Args:
        text: What is said.
        seconds: How long all of it takes; ``None`` when that is not known yet.
        rests: The silences within, from and to (s). The longest are believed, when there are enough for the text.
    """
    words = list(_WORD.finditer(text))
    phrases = _phrases(words)
    if not words or seconds is None or len(rests) < len(phrases) - 1:
        return _spread(words, 0.0, seconds)
    longest = sorted(sorted(rests, key=lambda rest: rest[0] - rest[1])[: len(phrases) - 1])
    starts = [0.0, *(end for _, end in longest)]
    stops = [*(start for start, _ in longest), seconds]
    return [
        end
        for phrase, start, stop in zip(phrases, starts, stops, strict=True)
        for end in _spread(phrase, start, stop - start)
    ]


def heard_until(text: str, ends: Sequence[WordEnd], played: float) -> tuple[str, float]:
    """The words that were out after ``played`` seconds, and when the last of them was."""
    heard, at = 0, 0.0
    for end in ends:
        if end.seconds > played:
            break
        heard, at = end.characters, end.seconds
    return text[:heard], at


def rests_in(pcm: bytes) -> list[tuple[float, float]]:
    """The silences within speech, longer than those of a consonant: 16-bit mono PCM at 8,000 Hz; from and to (s)."""
    samples = np.frombuffer(pcm[: len(pcm) // _STEP_BYTES * _STEP_BYTES], "<i2").astype(np.float32)
    levels = np.sqrt(np.mean(samples.reshape(-1, _STEP_BYTES // 2) ** 2, axis=1))
    loud = np.nonzero(levels > _QUIET_SHARE * levels.max(initial=0.0))[0]
    gaps = np.nonzero(np.diff(loud) * _STEP_SECONDS >= _LEAST_REST_SECONDS)[0]
    return [(float(loud[gap] + 1) * _STEP_SECONDS, float(loud[gap + 1]) * _STEP_SECONDS) for gap in gaps]


def _phrases(words: list[re.Match[str]]) -> list[list[re.Match[str]]]:
    """The words, cut where the text asks for a rest."""
    phrases: list[list[re.Match[str]]] = [[]]
    for word in words:
        phrases[-1].append(word)
        if _rest(word.group()):
            phrases.append([])
    return phrases if phrases[-1] else phrases[:-1]


def _spread(words: list[re.Match[str]], start: float, seconds: float | None) -> list[WordEnd]:
    """The words one after the other from ``start`` on, each as long as it looks, the last one ending with the time."""
    if not words:
        return []
    lengths = [(_weight(word.group()), _rest(word.group())) for word in words]
    total = sum(weight + rest for weight, rest in lengths) - lengths[-1][1]
    unit = TYPICAL_SECONDS_PER_SYLLABLE if seconds is None else seconds / total
    ends, at = [], start
    for word, (weight, rest) in zip(words, lengths, strict=True):
        at += weight * unit
        ends.append(WordEnd(characters=word.end(), seconds=at))
        at += rest * unit
    return ends
