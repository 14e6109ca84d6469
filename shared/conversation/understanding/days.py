"""Days as they are spoken: "tomorrow", "next tuesday", "november twenty sixth", "the weekend"."""

import calendar
from collections.abc import Sequence
from datetime import date, timedelta

from shared.conversation.understanding.numbers import SMALL, digits, ordinal

WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
WEEKDAYS |= {f"{name}s": number for name, number in tuple(WEEKDAYS.items())}
MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_PLAIN_DAYS = {"today": 0, "tonight": 0, "tomorrow": 1, "tomorrows": 1}
_NOT_A_DATE = frozenset({"one", "option", "time", "floor", "place", "choice"})


def read_days(words: Sequence[str], *, today: date) -> tuple[date, date] | None:
    """The first and last day that the words name, or ``None``. The last one counts: people correct themselves."""
    found: tuple[date, date] | None = None
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        is_next = before == "next" or list(words[place + 1 : place + 3]) == ["next", "week"]
        if found and word == "week" and before in ("next", "this") and words[max(0, place - 2)] in WEEKDAYS:
            continue
        if found and list(words[max(0, place - 2) : place]) in (["of", "this"], ["of", "the"], ["of", "next"]):
            continue
        days = (
            _relative(words, place, today)
            or _weekday(word, today, is_next=is_next, weeks=_weeks_from(words, place))
            or _stretch(word, words[max(0, place - 4) : place], today)
            or _dated(words, place, today)
        )
        found = days or found
    return found


def _relative(words: Sequence[str], place: int, today: date) -> tuple[date, date] | None:
    word = words[place]
    if word in _PLAIN_DAYS:
        is_after = list(words[max(0, place - 2) : place]) == ["day", "after"]
        return _one(today + timedelta(days=_PLAIN_DAYS[word] + is_after + 7 * _weeks_from(words, place)))
    if word in ("days", "weeks", "week") and place >= 2 and words[place - 2] == "in":
        count = _count(words[place - 1])
        return _one(today + timedelta(days=count * (1 if word == "days" else 7))) if count else None
    return None


def _count(word: str) -> int:
    return 1 if word in ("a", "one") else int(SMALL.get(word) or digits(word) or 0)


def _weeks_from(words: Sequence[str], place: int) -> int:
    """How many weeks are counted from the day at ``place``: "a week from tuesday", "two weeks from today"."""
    if place < 3 or words[place - 1] not in ("from", "after") or words[place - 2] not in ("week", "weeks"):
        return 0
    return _count(words[place - 3])


def _weekday(word: str, today: date, *, is_next: bool, weeks: int) -> tuple[date, date] | None:
    if word not in WEEKDAYS:
        return None
    number = WEEKDAYS[word]
    if is_next:
        monday = today + timedelta(days=7 - today.weekday())
        return _one(monday + timedelta(days=number))
    return _one(today + timedelta(days=(number - today.weekday()) % 7 + 7 * weeks))


def _month(today: date, *, is_next: bool, part: Sequence[str]) -> tuple[date, date]:
    """The days of this month or the next, or those at its start or end."""
    first = today.replace(day=1)
    if is_next:
        first = (first + timedelta(days=31)).replace(day=1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if "end" in part:
        return last - timedelta(days=6), last
    if "beginning" in part or "start" in part or "first" in part:
        return first, first + timedelta(days=6)
    return max(first, today), last


def _stretch(word: str, words_before: Sequence[str], today: date) -> tuple[date, date] | None:
    before = words_before[-1] if words_before else ""
    monday = today - timedelta(days=today.weekday())
    if word == "week" and before == "next":
        return monday + timedelta(days=7), monday + timedelta(days=13)
    if word == "week" and before in ("this", "the"):
        return today, monday + timedelta(days=6)
    if word == "month" and before in ("next", "this", "the"):
        return _month(today, is_next=before == "next", part=words_before)
    if word in ("weekend", "weekends"):
        saturday = monday + timedelta(days=12 if before == "next" else 5)
        return max(saturday, today), saturday + timedelta(days=1)
    return None


def _dated(words: Sequence[str], place: int, today: date) -> tuple[date, date] | None:
    """A date: "November twenty sixth", "the twenty sixth of november", "the twenty sixth"."""
    read = ordinal(words, place)
    before = words[place - 1] if place else ""
    if read is None or (place and ordinal(words, place - 1) and ordinal(words, place - 1) != (read[0], 1)):
        return None
    day, length = read
    after = words[place + length : place + length + 2]
    if before in MONTHS:
        return _in_month(MONTHS[before], day, today)
    if len(after) == 2 and after[0] == "of" and after[1] in MONTHS:
        return _in_month(MONTHS[after[1]], day, today)
    if list(words[place + length : place + length + 3]) == ["of", "next", "month"]:
        return _in_month((today.replace(day=28) + timedelta(days=7)).month, day, today)
    is_of_this_month = list(words[place + length : place + length + 3]) == ["of", "this", "month"]
    is_plain_date = before in ("the", "on") and not (after and after[0] in _NOT_A_DATE)
    if is_of_this_month or (is_plain_date and (day > 3 or length > 1)):
        month = today if day >= today.day else today.replace(day=28) + timedelta(days=7)
        return _in_month(month.month, day, today)
    return None


def _in_month(month: int, day: int, today: date) -> tuple[date, date] | None:
    year = today.year + (1 if (month, day) < (today.month, today.day) else 0)
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return _one(date(year, month, day))


def _one(day: date) -> tuple[date, date]:
    return day, day
