"""What is spelled out: an e-mail address, a name letter by letter, "m as in mary"."""

import re
from collections.abc import Collection, Sequence

from shared.conversation.understanding.acts import Told
from shared.conversation.understanding.numbers import SMALL

EMAIL, NAME, LAST_NAME = "email", "name", "last_name"
_SIGNS = {"dot": ".", "point": ".", "period": ".", "underscore": "_", "dash": "-", "hyphen": "-", "plus": "+"}
_ADDRESS = re.compile(r"[a-z0-9][a-z0-9._+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,10}")
_LEADS = re.compile(
    r".*\b(?:e mail(?: address)?(?: is)?|address is|it is|that is|send it to|to|at me|reach me at|yes|sure|okay|is)\b "
)
_LETTER_NAMES = {"double": 2, "triple": 3}
_ENOUGH_LETTERS = 3


def read_spelled(words: str, awaited: Collection[str]) -> dict[str, Told]:
    """An address and a name, if plain ``words`` spell them.

    Args:
        words: Plain words.
        awaited: The questions that wait.
    """
    told: dict[str, Told] = {}
    if address := _address(words):
        told[EMAIL] = Told(value=address, confidence=0.9, words=words)
        return told
    letters = _letters(words.split())
    if len(letters) >= _ENOUGH_LETTERS:
        field = LAST_NAME if "last name" in words or LAST_NAME in awaited else NAME
        told[field] = Told(value=letters.capitalize(), confidence=0.9, words=words)
    return told


def _address(words: str) -> str | None:
    """The address in words like "mary dot lopez at gmail dot com"."""
    if " dot " not in f" {words} " or " at " not in f" {words} ":
        return None
    before, _, after = f" {words} ".rpartition(" at ")
    name = _joined(_own_part(before.split()))
    domain = _domain(after.split())
    found = _ADDRESS.fullmatch(f"{name}@{domain}")
    return found.group() if found else None


def _own_part(words: Sequence[str]) -> list[str]:
    """The words of the part before the at sign: what leads to it is left out."""
    kept = _LEADS.sub("", f"{' '.join(words)} ").split()
    return kept or list(words)


def _domain(words: Sequence[str]) -> str:
    """The part after the at sign, up to the word behind the last dot."""
    last = max((place for place, word in enumerate(words) if word in ("dot", "point")), default=-1)
    return _joined(words[: last + 2]) if last >= 0 else ""


def _joined(words: Sequence[str]) -> str:
    """Letters, signs, figures and words as one."""
    return "".join(_spelled_out(words))


def _spelled_out(words: Sequence[str]) -> list[str]:
    """Each word as what it stands for: "m as in mary" is m, "double o" is oo, "seven" is 7."""
    found: list[str] = []
    place, times = 0, 1
    while place < len(words):
        word = words[place]
        if word in _LETTER_NAMES:
            times = _LETTER_NAMES[word]
        elif list(words[place + 1 : place + 3]) in (["as", "in"], ["like", "in"]) or (
            len(word) == 1 and words[place + 1 : place + 2] and words[place + 1] == "for"
        ):
            found.append(word * times)
            place += 3 if words[place + 1] != "for" else 2
            times = 1
        else:
            found.append((_SIGNS.get(word) or (str(SMALL[word]) if word in SMALL else word)) * times)
            times = 1
        place += 1
    return found


def _letters(words: Sequence[str]) -> str:
    """The longest run of single letters, each perhaps with a word that tells it."""
    longest, run = "", ""
    for part in _spelled_out(words):
        run = run + part if part and len(set(part)) == 1 and part.isalpha() else ""
        longest = max(longest, run, key=len)
    return longest
