"""How far ahead a plan lies: "in two months", "next spring", "by the end of the year"."""

from collections.abc import Sequence
from datetime import date

from shared.conversation.understanding.days import MONTHS
from shared.conversation.understanding.numbers import read_numbers

_SEASONS = {"spring": 4, "springtime": 4, "summer": 7, "fall": 10, "autumn": 10, "winter": 1}
_UNITS = {"week": 0.25, "weeks": 0.25, "month": 1.0, "months": 1.0, "year": 12.0, "years": 12.0}
_AHEAD = frozenset({
    "in", "within", "next", "about", "around", "maybe", "probably", "another", "the", "of", "coming", "say", "to",
    "or", "than", "like",
})  # fmt: skip
_LEADS_TO_MONTH = frozenset({"in", "by", "next", "early", "until", "late", "mid", "before", "around", "of", "end"})
_AGO = frozenset({"old", "ago", "already", "now"})


def read_horizon(words: str, *, today: date, is_awaited: bool) -> str | None:
    """The timeline bucket that plain ``words`` name, or ``None``."""
    split = words.split()
    months = _duration(split, is_awaited=is_awaited)
    if months is None:
        months = _calendar(split, today, is_awaited=is_awaited)
    return None if months is None else bucket(months)


def bucket(months: float) -> str:
    """The bucket of a plan so many months ahead."""
    for most, name in ((1, "asap_0_1m"), (3, "1_3m"), (6, "3_6m"), (12, "6_12m")):
        if months <= most:
            return name
    return "12m+"


def _duration(words: Sequence[str], *, is_awaited: bool) -> float | None:
    for number in reversed(read_numbers(words)):
        unit = words[number.end] if number.end < len(words) else ""
        after = words[number.end + 1] if number.end + 1 < len(words) else ""
        before = words[number.start - 1] if number.start else ""
        if unit in _UNITS and after not in _AGO and (is_awaited or before in _AHEAD):
            half = 0.5 if list(words[number.end + 1 : number.end + 4]) == ["and", "a", "half"] else 0.0
            return (number.value + half) * _UNITS[unit]
    if not is_awaited:
        return None
    joined = " ".join(words)
    for spoken, months in (("few months", 3.0), ("year and a half", 18.0), ("half a year", 6.0), ("few years", 36.0)):
        if spoken in joined:
            return months
    return None


def _calendar(words: Sequence[str], today: date, *, is_awaited: bool) -> float | None:
    joined = " ".join(words)
    if "end of the year" in joined or "end of this year" in joined or "holidays" in joined or "christmas" in joined:
        return max(0.5, 12 - today.month + (31 - today.day) / 31)
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        following = words[place + 1] if place + 1 < len(words) else ""
        is_month = before in _LEADS_TO_MONTH or (is_awaited and word != "may") or (is_awaited and not following)
        month = _SEASONS.get(word) or (MONTHS.get(word) if is_month else None)
        if month is not None and (word != "may" or is_month):
            return float((month - today.month) % 12 or (0.5 if word in MONTHS else 2))
        if word == "year" and before == "next" and following not in ("or", "maybe"):
            return float(max(2, 16 - today.month))
    return None
