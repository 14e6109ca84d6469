"""Whether a phrase can be spoken over the telephone: short, readable aloud, and claiming nothing that it may not."""

import re
from collections.abc import Iterator, Sequence

from shared.conversation.claims import MOST_WORDS, claims_too_much
from shared.conversation.script import VALUES

LONGEST_SENTENCE = 22
"""Words; a listener forgets the beginning of a longer one."""
ALWAYS = frozenset({
    "first_name", "subject", "source", "asked_on", "seller_name", "assistant", "callback_number", "what", "agent",
})  # fmt: skip
"""Values that every line has."""

_VALUE = re.compile(r"\{(\w*)\}")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
_UNREADABLE = re.compile(r"[^\w\s.,;:?!'’\"“”\-–—{}]|_")
_SHORT_FORMS = re.compile(
    r"\b(?:St|Ave|Blvd|Rd|Apt|approx|appt|etc|vs|sq|ft|nr|hr|hrs|yr|yrs)\.(?=\s|$)|\b(?:e\.g|i\.e)\b",
)
_CAPITALS = re.compile(r"\b(?!(?:AI|OK|TV|AM|PM|US|USA|GPS|ID|FAQ)\b)[A-Z]{2,}\b")
_PROMISES = re.compile(
    r"\b(?:top dollar|(?:best|highest|full) (?:price|offer)|sell (?:it )?(?:fast|quickly)|no risk|risk[- ]free|"
    r"sure to|always (?:sells?|rents?)|lowest rate|pre-?approve you|(?:prices|values) (?:will|are going to))\b",
    re.IGNORECASE,
)


def phrase_problems(text: str, *, values: frozenset[str], alike: Sequence[str] = ()) -> Iterator[str]:
    """What is wrong with a phrase, in plain words.

    Args:
        text: The phrase, with values in braces.
        values: The values that its line has.
        alike: The phrases that all scripts have for the same line: what these claim, it may claim.
    """
    if not text.strip():
        yield "says nothing"
        return
    yield from _value_problems(text, values)
    yield from _voice_problems(text)
    yield from _length_problems(text)
    spoken = _VALUE.sub("that", text)
    allowed = " ".join(_VALUE.sub("that", each) for each in alike)
    if claims_too_much(spoken) and not claims_too_much(allowed):
        yield "claims what a call may not claim: a promise, a value, a booking, or to be human"
    if found := _PROMISES.search(spoken):
        yield f"promises something: {found.group()!r}"


def _value_problems(text: str, values: frozenset[str]) -> Iterator[str]:
    named = set(_VALUE.findall(text))
    if text.count("{") != text.count("}") or text.count("{") != len(_VALUE.findall(text)):
        yield "has a brace that opens or closes nothing"
    for name in sorted(named - VALUES):
        yield f"names an unknown value {{{name}}}: there are {', '.join(sorted(values))}"
    for name in sorted((named & VALUES) - values):
        yield f"names {{{name}}}, which this line does not have: it has {', '.join(sorted(values))}"


def _voice_problems(text: str) -> Iterator[str]:
    plain = _VALUE.sub("that", text)
    if any(sign.isdigit() for sign in plain):
        yield "has digits: write numbers as words"
    if signs := sorted(set(_UNREADABLE.findall(plain))):
        yield f"has signs that no voice can read: {' '.join(signs)}"
    if found := _SHORT_FORMS.search(plain):
        yield f"has a short form that a voice reads wrong: {found.group()!r}"
    if found := _CAPITALS.search(plain):
        yield f"has capitals that a voice spells out: {found.group()!r}"
    if not plain.rstrip("\"'”’ ").endswith((".", "?", "!")):
        yield "ends without a full stop, a question mark or an exclamation mark"


def _length_problems(text: str) -> Iterator[str]:
    words = len(text.split())
    if words > MOST_WORDS:
        yield f"is too long for the telephone: {words} words, {MOST_WORDS} at most"
    longest = max(len(sentence.split()) for sentence in _SENTENCE_END.split(text.strip()))
    if longest > LONGEST_SENTENCE:
        yield f"has a sentence of {longest} words: {LONGEST_SENTENCE} at most"
