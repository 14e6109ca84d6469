"""Counts of rooms and the size of a home: "three bed two bath", "a studio", "sixteen hundred square feet"."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shared.conversation.understanding.acts import Told
from shared.conversation.understanding.numbers import Number

BEDROOMS, BATHROOMS, SQUARE_FEET = "bedrooms", "bathrooms", "square_feet"
_BEDS = frozenset({"bedroom", "bedrooms", "bed", "beds", "br", "brs", "bdrm", "bdrms", "room", "rooms"})
_BATHS = frozenset({"bath", "baths", "bathroom", "bathrooms", "ba", "restroom", "restrooms"})
_BETWEEN = frozenset({
    "full", "good", "big", "sized", "size", "nice", "decent", "more", "separate", "large", "small", "total", "or",
    "at", "least", "of", "the", "those", "and", "a", "half",
})  # fmt: skip
_MOST_ROOMS = 10
_SMALLEST_HOME = 100
_NOT_A_COUNT = frozenset({
    "the", "that", "this", "which", "a", "another", "any", "no", "every", "each", "first", "second", "last", "good",
    "bad", "nice", "other", "number",
})  # fmt: skip
_OTHER_THINGS = frozenset({
    "people", "kids", "children", "dogs", "cats", "months", "month", "weeks", "days", "years", "year", "thousand",
    "hundred", "stories", "floors", "story", "car", "cars", "am", "pm", "oclock", "minutes", "of", "percent", "th",
})  # fmt: skip
_A_HALF = ("and", "a", "half")
_UNSURE = 0.7


@dataclass(frozen=True, kw_only=True)
class Rooms:
    """What was said of rooms: facts by field, and the numbers that said it."""

    told: dict[str, Told]
    numbers: tuple[Number, ...]


def read_rooms(words: Sequence[str], numbers: Sequence[Number], awaited: Collection[str]) -> Rooms:
    """Rooms and size in plain words.

    Args:
        words: Plain words.
        numbers: The numbers in them.
        awaited: The questions that wait: a bare number answers the first of those that ask for a count.
    """
    told: dict[str, Told] = {}
    used: list[Number] = []
    for number in numbers:
        for field, count, end in _counted(words, number):
            told[field] = Told(value=count, words=" ".join(words[number.start : end]))
            used.append(number)
    told |= {field: fact for field, fact in _without_number(words, awaited).items() if field not in told}
    open_field = next((each for each in (BEDROOMS, BATHROOMS) if each in awaited and each not in told), None)
    if open_field is not None and (bare := _bare(words, [each for each in numbers if each not in used])):
        told[open_field] = Told(value=_count(words, bare), confidence=0.9, words=" ".join(words[bare.start : bare.end]))
        used.append(bare)
    return Rooms(told=told, numbers=tuple(used))


def _counted(words: Sequence[str], number: Number) -> list[tuple[str, float, int]]:
    """What a number counts: the field, how many, and where its words end."""
    place = number.end
    while place < min(len(words), number.end + 4) and words[place] in _BETWEEN:
        place += 1
    noun = words[place] if place < len(words) else ""
    if noun in ("square", "sq") and number.value >= _SMALLEST_HOME and words[place + 1 : place + 2]:
        return [(SQUARE_FEET, int(number.value), place + 2)]
    if noun not in _BEDS | _BATHS or number.value >= _MOST_ROOMS:
        return []
    field = BEDROOMS if noun in _BEDS else BATHROOMS
    count = _count(words, number)
    end = place + 1 + (words[place + 1 : place + 2] in (["rooms"], ["room"]))
    found = [(field, count, end)]
    if list(words[end : end + 1]) == ["and"] and words[end + 1 : end + 2] and field == BEDROOMS:
        found += [(BATHROOMS, count, end + 2)] if words[end + 1] in _BATHS else []
    return found


def _count(words: Sequence[str], number: Number) -> float:
    """How many: half a bathroom is one without a shower."""
    is_half = tuple(words[number.end : number.end + 3]) == _A_HALF
    return number.value + 0.5 if is_half else number.value if number.value % 1 else int(number.value)


def _without_number(words: Sequence[str], awaited: Collection[str]) -> dict[str, Told]:
    if "studio" in words and (BEDROOMS in awaited or "apartment" in words[words.index("studio") :]):
        return {BEDROOMS: Told(value=0, words="studio")}
    for lead, noun in pairwise(words):
        if lead in ("a", "single") and noun in ("bedroom", "bath") and BEDROOMS in awaited:
            return {
                BEDROOMS if noun == "bedroom" else BATHROOMS: Told(value=1, confidence=_UNSURE, words=f"{lead} {noun}")
            }
    return {}


def _bare(words: Sequence[str], numbers: Sequence[Number]) -> Number | None:
    """The last number that may be a count of rooms although no rooms are named."""
    for number in reversed(numbers):
        before = words[number.start - 1] if number.start else ""
        after = words[number.end] if number.end < len(words) else ""
        is_pronoun = before in _NOT_A_COUNT and words[number.start] == "one"
        if number.value < _MOST_ROOMS and not is_pronoun and after not in _OTHER_THINGS:
            return number
    return None
