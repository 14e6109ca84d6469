"""Numbers as they are spoken: "four fifty", "three hundred and ten thousand", "one point two million"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NAMES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
UNITS = {name: value for value, name in enumerate(_NAMES)}
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES = {
    "hundred": 100, "thousand": 1000, "k": 1000, "grand": 1000, "million": 1_000_000, "mil": 1_000_000,
    "mill": 1_000_000,
}  # fmt: skip
SMALL = UNITS | TENS
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip
ORDINALS = {word: place + 1 for place, word in enumerate(_ORDINALS)} | {"thirtieth": 30}


@dataclass(frozen=True, kw_only=True)
class Number:
    """A spoken number in ``words[start:end]``. ``has_scale``: hundred, thousand or million was said."""

    value: float
    start: int
    end: int
    has_scale: bool


def digits(word: str) -> float | None:
    """The number a word of digits stands for, if it is one."""
    return float(word) if _DIGITS.fullmatch(word) else None


def read_numbers(words: Sequence[str]) -> list[Number]:
    """Every number in plain words, in order."""
    found: list[Number] = []
    place = 0
    while place < len(words):
        number = _number_at(words, place)
        if number is None:
            place += 1
        else:
            found.append(number)
            place = number.end
    return found


def _number_at(words: Sequence[str], start: int) -> Number | None:
    if words[start : start + 2] == ["half", "a"] and SCALES.get("".join(words[start + 2 : start + 3])) == 1_000_000:
        return Number(value=500_000, start=start, end=start + 3, has_scale=True)
    if words[start] == "a" and words[start + 1 : start + 2] and words[start + 1] in SCALES:
        return _run(["one", *words[start + 1 :]], start, 0)
    if words[start] in SMALL or digits(words[start]) is not None:
        return _run(words[start:], start, 0)
    return None


def _run(words: Sequence[str], offset: int, place: int) -> Number:
    """Read on from the first word for as long as the words belong to one number."""
    total, current, has_scale, after_hundred = 0.0, 0.0, False, False
    while place < len(words):
        word = words[place]
        value = float(SMALL[word]) if word in SMALL else digits(word)
        if word == "and" and has_scale and words[place + 1 : place + 2] and words[place + 1] in SMALL:
            place += 1
        elif word == "point" and words[place + 1 : place + 2] and words[place + 1] in UNITS:
            current += UNITS[words[place + 1]] / 10
            place += 2
        elif word in SCALES and place > 0:
            has_scale = True
            current, total = _scaled(current, total, SCALES[word])
            after_hundred = word == "hundred"
            place += 1
        elif value is not None and (grown := _joined(current, value, is_first=place == 0, adds=after_hundred or (
            has_scale and current == 0))) is not None:  # fmt: skip
            current = grown
            after_hundred = False
            place += 1
        else:
            break
    if total >= 1_000_000 and 0 < current < 10:
        current *= 100_000  # "a million two"
    return Number(value=total + current, start=offset, end=offset + place, has_scale=has_scale)


def _scaled(current: float, total: float, scale: int) -> tuple[float, float]:
    if scale == SCALES["hundred"]:
        return (current or 1) * scale, total
    return 0.0, total + (current or 1) * scale


def _joined(current: float, value: float, *, is_first: bool, adds: bool) -> float | None:
    """``current`` with the next spoken part, or ``None`` when that part begins another number."""
    if is_first:
        return value
    if adds and value < 100:
        return current + value
    if current % 10 == 0 and current % 100 >= 20 and 0 < value < 10:
        return current + value
    if 0 < current < 20 and 10 <= value < 100 and current == int(current):
        return current * 100 + value
    return None


def ordinal(words: Sequence[str], place: int) -> tuple[int, int] | None:
    """The ordinal that starts at ``place`` and how many words it takes: ``("twenty", "sixth")`` is 26 and two."""
    word = words[place]
    following = words[place + 1] if place + 1 < len(words) else ""
    if word in ORDINALS:
        return ORDINALS[word], 1
    if word in TENS and ORDINALS.get(following, 99) < 10:
        return TENS[word] + ORDINALS[following], 2
    if digits(word) is not None and "." not in word and following in ("th", "st", "nd", "rd"):
        return int(word), 2
    return None
