"""How people count from a time they were offered, and bound the time they have."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from shared.conversation.understanding import When
from shared.conversation.understanding.dates import read_when
from shared.conversation.understanding.days import WEEKDAYS

Fits = Callable[[datetime], bool]
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_SATURDAY = 5
_NAMES = "|".join(WEEKDAYS)
_DIGITS = re.compile(r"\b(?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|[0-9]) ?){4,}|[0-9]{5,}")
_HOUR = (
    r"(?:noon|[0-9][0-9:]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"(?: (?:thirty|fifteen|forty five|oclock|am|pm))*"
)
_BOUNDS = tuple(
    (re.compile(rf"\b{pattern}\b"), meant)
    for pattern, meant in (
        (r"(?:not|no|nothing|never|any) (?:before|earlier than|sooner than|until|till)", "after"),
        (r"(?:not|no|nothing|any) (?:after|later than|past)", "before"),
        (
            r"(?:get|getting|got|am|are|be|is) (?:off|out|done|finished|free|home|through|back)(?: of| from| with)?"
            r"(?: work| school| the office)?(?: at| by| around| about| from| until| till)",
            "after",
        ),
        (
            r"(?:off|out of|done with|finish|finishing|leave|leaving) (?:work|school|the office)(?: at| by| around)",
            "after",
        ),
        (r"(?:work|working|busy|tied up|booked|in meetings|out|away|asleep) (?:until|till|to)", "after"),
        (rf"(?:at |from )?({_HOUR}) (?:or (?:later|after)|and (?:later|after)|onwards?|on up)", r"after \1"),
        (rf"(?:at )?({_HOUR}) or (?:earlier|before)", r"before \1"),
    )
)
_CORRECTION = re.compile(
    r"^.*\b(?:i (?:mean|meant)|(?<!not )(?<!to )make (?:it|that)|rather|actually|sorry|wait|no not [a-z]+)\b"
)
_SHIFTS = tuple(
    (re.compile(rf"\b{pattern}\b"), days)
    for pattern, days in (
        (r"(?:two|2) weeks (?:later|after)", 14),
        (r"(?:a|one|the|another) week (?:later|from (?:then|that))|week after that", 7),
        (rf"(?:the|a|one) (?:day (?:after|later)|(?:next|following) day)(?! (?:tomorrow|{_NAMES}))", 1),
        (rf"the day before(?! (?:tomorrow|{_NAMES}))", -1),
    )
)
_HOURS_ON = re.compile(r"\b(half an|an|one|two|three) hours? (later|earlier|sooner|after|before)\b")
_BY_WEEKDAY = re.compile(rf"\bday (after|before) (?:next )?({_NAMES})\b")
_SAME_TIME = re.compile(r"\bsame (?:time|hour)\b")
_SAME_DAY = re.compile(r"\bsame day\b")
_COMPARED = re.compile(r"\b(later|earlier|sooner)\b(?! (?:one|of|slot|option|than))")
_IN_THE_DAY = re.compile(r"\b(?:later|earlier|sooner) (?:on )?(?:in the|that|the same|on that) day\b")
_IN_THE_WEEK = re.compile(r"\b(?:later|earlier|sooner) (?:on )?(?:in the|that|this) week\b")
_EITHER_DAY = re.compile(rf"\b({_NAMES}) or (?:on )?({_NAMES})\b")
_OTHER_DAY = re.compile(r"\b(?:another|different|some other|other|any other) days?\b")
_WEEK_PARTS = (
    (re.compile(r"\b(?:(?:end|later part|latter part) of|late(?: in)?) (the|this|next) week\b"), (3, 6)),
    (re.compile(r"\b(?:early|beginning|start|first part)(?: of| in)? (the|this|next) week\b"), (0, 1)),
    (re.compile(r"\b(?:middle|mid)(?: of)? (the|this|next) week\b"), (1, 3)),
)
_DAY_PARTS = (
    (re.compile(r"\bfirst thing\b"), (time(0), time(11))),
    (re.compile(r"\bearly (?:in the )?morning\b"), (time(0), time(10))),
    (re.compile(r"\b(?:mid|middle of the) ?morning\b"), (time(9, 30), time(11, 30))),
    (re.compile(r"\blate (?:in the )?morning\b"), (time(10, 30), time(12))),
    (re.compile(r"\bearly (?:in the )?afternoon\b"), (time(12), time(14, 30))),
    (re.compile(r"\b(?:mid|middle of the) ?afternoon\b"), (time(13, 30), time(16))),
    (re.compile(r"\blate (?:in the )?afternoon\b|\bend of the day\b"), (time(15, 30), time(19))),
    (re.compile(r"\b(?:over|at|around|during) (?:my |the )?lunch\b|\bmidday\b"), (time(11, 30), time(13, 30))),
)


@dataclass(frozen=True, kw_only=True)
class Shifted:
    """A time counted from another one; ``wanted`` is the moment itself, where it is one."""

    when: When
    fits: Fits
    is_exact: bool
    wanted: datetime | None = None


def spells_digits(words: str) -> bool:
    """Whether a telephone number or the like is read out, which names no time."""
    return _DIGITS.search(words) is not None


def at_any_time(_: datetime) -> bool:
    """Every time will do."""
    return True


def all_of(*conditions: Fits | None) -> Fits | None:
    """All of the conditions there are; ``None`` without any."""
    given = [each for each in conditions if each is not None]
    return (lambda local: all(each(local) for each in given)) if given else None


def corrected(words: str, local_now: datetime) -> str:
    """What counts of plain words in which somebody corrects themselves: the part behind, if it names a time."""
    tail = _CORRECTION.sub("", words).strip()
    is_time = tail != words and read_when(tail, local_now=local_now, is_awaited=True) is not None
    return tail if is_time else words


def bounded(words: str) -> str:
    """The words with what bounds a time said plainly: "not before ten" is "after ten"."""
    for pattern, meant in _BOUNDS:
        words = pattern.sub(meant, words)
    return words


def shifted(words: str, when: When | None, anchors: Sequence[datetime], local_now: datetime) -> Shifted | None:
    """The time that the words count from the ``anchors``; ``None`` when they do not."""
    if (found := _BY_WEEKDAY.search(words)) is not None:
        return _beside_weekday(found, words, local_now)
    if not anchors:
        return None
    if (hours := _HOURS_ON.search(words)) is not None:
        return _by_hours(hours, anchors)
    days = next((days for pattern, days in _SHIFTS if pattern.search(words)), None)
    is_same_time = _SAME_TIME.search(words) is not None
    if days is None and is_same_time and "next week" in words and not any(name in words.split() for name in WEEKDAYS):
        days = _WEEK.days
    if days is not None:
        keeps_time = is_same_time or abs(days) > 1
        return _by_days(anchors, days, when, keeps_time=keeps_time)
    if is_same_time and when is not None and when.first_day is not None:
        return _at_times(replace(when, at=None, starts=None, ends=None), anchors)
    if _SAME_DAY.search(words) and when is not None and when.first_day is None:
        dates = frozenset(each.date() for each in anchors)
        return Shifted(when=when, fits=lambda local: local.date() in dates, is_exact=when.at is not None)
    return None


def compared(words: str, anchors: Sequence[datetime], when: When | None) -> Fits | None:
    """What "earlier", "later" and "another day" ask of a time beside those on offer."""
    if not anchors:
        return None
    dates = frozenset(each.date() for each in anchors)
    if _OTHER_DAY.search(words) and (when is None or when.first_day is None):
        return lambda local: local.date() not in dates
    found = _COMPARED.search(words)
    if found is None or (when is not None and when.has_time):
        return None
    first, last = min(anchors), max(anchors)
    is_later = found[1] == "later"
    if _IN_THE_WEEK.search(words):
        monday = last.date() - last.weekday() * _DAY
        begins, ends = (last.date() + _DAY, monday + _WEEK) if is_later else (monday, first.date())
        return lambda local: begins <= local.date() < ends
    if is_later:
        latest = max(each.time() for each in anchors)
        return lambda local: local.time() > latest and (local.date() in dates or not _IN_THE_DAY.search(words))
    if _IN_THE_DAY.search(words):
        earliest = min(each.time() for each in anchors)
        return lambda local: local.time() < earliest and local.date() in dates
    return lambda local: local < first


def part_of(words: str, local_now: datetime) -> Fits | None:
    """What a part of the week or of the day asks of a time: "early next week", "late afternoon", "first thing"."""
    return all_of(_part_of_week(words, local_now.date()), _part_of_day(words))


def names_week(words: str) -> bool:
    """Whether a part of a week is named, so that "the week" alone says nothing more."""
    parts = (_IN_THE_WEEK, *(pattern for pattern, _ in _WEEK_PARTS))
    return any(pattern.search(words) for pattern in parts)


def either_day(words: str) -> Fits | None:
    """What "Wednesday or Thursday" asks of a time."""
    found = _EITHER_DAY.search(words)
    if found is None:
        return None
    days = frozenset(WEEKDAYS[name] for name in found.groups())
    return lambda local: local.weekday() in days


def _part_of_week(words: str, today: date) -> Fits | None:
    for pattern, (first, last) in _WEEK_PARTS:
        if (found := pattern.search(words)) is not None:
            is_next = "next" in found.groups() or today.weekday() >= _SATURDAY or last < today.weekday()
            monday = today - today.weekday() * _DAY + (_WEEK if is_next else timedelta(0))
            begins, ends = monday + first * _DAY, monday + last * _DAY
            return lambda local: begins <= local.date() <= ends
    return None


def _part_of_day(words: str) -> Fits | None:
    for pattern, (begins, ends) in _DAY_PARTS:
        if pattern.search(words):
            return lambda local: begins <= local.time() < ends
    return None


def _beside_weekday(found: re.Match[str], words: str, local_now: datetime) -> Shifted | None:
    named = read_when(words[found.start(2) :], local_now=local_now, is_awaited=True)
    if named is None or named.first_day is None:
        return None
    day = named.first_day + (_DAY if found[1] == "after" else -_DAY)
    when = replace(named, first_day=day, last_day=day)
    return Shifted(when=when, fits=at_any_time, is_exact=when.at is not None)


def _by_hours(found: re.Match[str], anchors: Sequence[datetime]) -> Shifted:
    amount = {"half an": 0.5, "an": 1, "one": 1, "two": 2, "three": 3}[found[1]]
    step = timedelta(hours=amount if found[2] in ("later", "after") else -amount)
    starts = frozenset(each + step for each in anchors)
    return Shifted(when=When(), fits=lambda local: local in starts, is_exact=True, wanted=min(starts))


def _by_days(anchors: Sequence[datetime], days: int, when: When | None, *, keeps_time: bool) -> Shifted:
    """Some days on from the anchors; from the last one alone, where the hour is left open."""
    if when is not None and when.has_time:
        day = anchors[-1].date() + timedelta(days=days)
        return Shifted(when=replace(when, first_day=day, last_day=day), fits=at_any_time, is_exact=when.at is not None)
    if keeps_time:
        starts = frozenset((each.date() + timedelta(days=days), each.time()) for each in anchors)
        wanted = min(anchors) + timedelta(days=days)
        return Shifted(
            when=When(), fits=lambda local: (local.date(), local.time()) in starts, is_exact=True, wanted=wanted
        )
    day = anchors[-1].date() + timedelta(days=days)
    return Shifted(when=When(first_day=day, last_day=day), fits=at_any_time, is_exact=False)


def _at_times(when: When, anchors: Sequence[datetime]) -> Shifted:
    times = frozenset(each.time() for each in anchors)
    return Shifted(when=when, fits=lambda local: local.time() in times, is_exact=when.first_day == when.last_day)
