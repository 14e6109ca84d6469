"""When each word of an utterance is out, from its text and how long its sound is."""

import re

_WORD = re.compile(r"\S+")
_VOWELS = re.compile(r"[aeiouy]+")
_NUMBER = re.compile(r"\d")
_SPELLED = re.compile(r"(?:[A-Za-z]\.){2,}|(?:Mr|Mrs|Ms|Dr|St|Ave)\.")
"""Their full stops end no sentence; single letters are said one by one."""
_SENTENCE_PAUSE, _CLAUSE_PAUSE = 2.0, 0.9
"""How long the rests behind a sentence and a clause are, in syllables."""
_DIGIT = 1.4
TYPICAL_SECONDS_PER_SYLLABLE = 0.2


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


def word_ends(text: str, seconds: float | None) -> list[tuple[int, float]]:
    """For each word, where it ends in ``text`` and when it is out, in seconds from the first sound.

    ``seconds`` is how long the whole text takes; ``None`` when that is not known yet.
    """
    words = list(_WORD.finditer(text))
    spans = [(_weight(word.group()), _rest(word.group()), word.end()) for word in words]
    total = sum(weight + rest for weight, rest, _ in spans) - (spans[-1][1] if spans else 0.0)
    per_syllable = TYPICAL_SECONDS_PER_SYLLABLE if seconds is None or not total else seconds / total
    ends, at = [], 0.0
    for weight, rest, end in spans:
        at += weight * per_syllable
        ends.append((end, at))
        at += rest * per_syllable
    return ends


def heard_until(text: str, seconds: float | None, played: float) -> tuple[str, float]:
    """The words that were out after ``played`` seconds, and when the last of them was."""
    heard, at = 0, 0.0
    for end, out_at in word_ends(text, seconds):
        if out_at > played:
            break
        heard, at = end, out_at
    return text[:heard], at
