"""How what was said so far ends: with a whole answer, in the middle of something, or asking for time.

The rules are data (``data/endings.yaml``), looked at in the order of ``classify``. Words come as they are recognised,
interim or final; what is not known to be unfinished counts as finished.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from shared.kernel.yaml_text import read_yaml

_WORD = re.compile(r"[a-z]+(?:['.][a-z]+)*|[0-9]+")
_DATA = Path(__file__).parent / "data" / "endings.yaml"
WHOLE_NUMBER_DIGITS = 10
"""So many digits, or one more, are a whole telephone number."""


class Expected(StrEnum):
    """What kind of answer the question before asks for."""

    YES_NO = "yes_no"
    DICTATION = "dictation"
    ANYTHING = "anything"


class Ends(StrEnum):
    """How the words of a turn end, as far as they are known."""

    UNHEARD = "unheard"
    """Nothing has been recognised yet."""
    PLAIN = "plain"
    """A plain answer that needs no more words: yes, no, goodbye."""
    WHOLE = "whole"
    """Nothing says that it must go on."""
    OPEN = "open"
    """It cannot end like this: "and", "it is on the"."""
    DICTATING = "dictating"
    """A number, an address, a spelled word that is not complete."""
    THINKING = "thinking"
    """They ask for time: "let me think"."""


PENDING = {
    "identity": Expected.YES_NO,
    "wrong_number_check": Expected.YES_NO,
    "agent_signed": Expected.YES_NO,
    "agent_status": Expected.YES_NO,
    "wants_appointment": Expected.YES_NO,
    "financing": Expected.YES_NO,
    "decision_makers": Expected.YES_NO,
    "anything_else": Expected.YES_NO,
    "phone": Expected.DICTATION,
    "email": Expected.DICTATION,
    "address": Expected.DICTATION,
}
"""What the topics of a conversation expect; every other topic expects anything."""


def _split(value: object) -> object:
    """Single words are written as one text."""
    return value.split() if isinstance(value, str) else value


Words = Annotated[frozenset[str], BeforeValidator(_split)]


class Rules(BaseModel):
    """The lists of the data file: phrases, and single words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    thinking: tuple[str, ...]
    whole: tuple[str, ...]
    dictates: tuple[str, ...]
    plain: Words
    farewells: Words
    asides: Words
    open: Words
    digits: Words
    more_of_a_number: Words
    dictation_goes_on: Words
    listening: Words


@cache
def rules_of_endings() -> Rules:
    """The rules, read once."""
    return Rules.model_validate(read_yaml(_DATA.read_text(encoding="utf-8")))


def words_of(text: str) -> tuple[str, ...]:
    """The words of recognised text in lower case, numbers digit by digit, without punctuation."""
    words: list[str] = []
    for word in _WORD.findall(text.lower().replace("’", "'")):
        words += list(word) if word.isdigit() else [word]
    return tuple(words)


def classify(text: str, expected: Expected = Expected.ANYTHING) -> Ends:
    """How ``text`` ends, given what the question before it asked for."""
    words = words_of(text)
    if not words:
        return Ends.UNHEARD
    rules = rules_of_endings()
    said = " ".join(words)
    if _thinks(words, rules):
        return Ends.THINKING
    if said in rules.farewells or (said in rules.plain and expected is Expected.YES_NO):
        return Ends.PLAIN
    if _dictates(words, expected, rules):
        return Ends.DICTATING
    if words[-1] in rules.open and not _is_whole(words, rules):
        return Ends.OPEN
    return Ends.WHOLE


def _thinks(words: tuple[str, ...], rules: Rules) -> bool:
    kept = list(words)
    while kept and kept[-1] in rules.asides:
        kept.pop()
    return _ends_with(kept, rules.thinking) or _ends_with(words, rules.thinking)


def _is_whole(words: tuple[str, ...], rules: Rules) -> bool:
    said = " ".join(words)
    return any(said == whole or (" " in whole and said.endswith(f" {whole}")) for whole in rules.whole)


def _dictates(words: tuple[str, ...], expected: Expected, rules: Rules) -> bool:
    """Digits that are no whole number yet, letters that are spelled, an address without its street."""
    if _ends_with(words, rules.dictates):
        return True
    digits = _tail(words, lambda word: word.isdigit() or word in rules.digits)
    letters = _tail(words, lambda word: len(word) == 1 and word.isalpha() and word not in "ai")
    if expected is not Expected.DICTATION:
        return 2 <= digits < WHOLE_NUMBER_DIGITS or letters > 1
    if words[-1] in rules.dictation_goes_on or letters:
        return True
    return (0 < digits < WHOLE_NUMBER_DIGITS) or words[-1] in rules.more_of_a_number


def _ends_with(words: tuple[str, ...] | list[str], phrases: tuple[str, ...]) -> bool:
    said = " " + " ".join(words)
    return any(said.endswith(f" {phrase}") for phrase in phrases)


def _tail(words: tuple[str, ...], counts: Callable[[str], bool]) -> int:
    """How many words at the end count."""
    number = 0
    while number < len(words) and counts(words[-1 - number]):
        number += 1
    return number
