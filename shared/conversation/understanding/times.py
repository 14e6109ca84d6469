"""Times of day as they are spoken: "two thirty", "half past two", "after five", "in the morning"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from shared.conversation.understanding.numbers import SMALL, TENS, digits

PARTS = {
    "morning": (time(8), time(12)), "mornings": (time(8), time(12)), "afternoon": (time(12), time(17)),
    "afternoons": (time(12), time(17)), "evening": (time(17), time(21)), "evenings": (time(17), time(21)),
    "tonight": (time(17), time(21)), "night": (time(17), time(21)), "lunchtime": (time(12), time(13)),
}  # fmt: skip
_EVENTS = {"lunch": time(13), "work": time(17, 30), "school": time(15, 30), "dinner": time(19), "noon": time(12)}
_FROM = frozenset({"after", "from", "past", "starting"})
_UNTIL = frozenset({"before", "until", "till", "by"})
_LEADS = frozenset({"at", "around", "about", "say", "like", "maybe", "between", "and", "to"}) | _FROM | _UNTIL
_POINTS = frozenset({
    "first", "second", "third", "last", "latter", "former", "other", "earlier", "later", "earliest", "latest",
    "sooner", "that", "this", "the", "which", "either", "good", "best", "better", "next", "any", "only", "number",
    "option", "no", "every", "each",
})  # fmt: skip
_NOT_AFTER = frozenset({
    "days", "weeks", "months", "years", "bedroom", "bedrooms", "bath", "baths", "beds", "hundred", "thousand",
    "minutes", "hours", "people", "of", "us", "million", "month", "year", "week", "hour", "minute", "one", "ones",
    "options",
})  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A spoken hour. ``is_loose``: morning or afternoon was guessed. It took ``words[start:end]``."""

    at: time
    is_loose: bool
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Hours:
    """What was said of the time of day: an exact hour, or a stretch."""

    at: time | None = None
    is_loose: bool = False
    starts: time | None = None
    ends: time | None = None


def read_hours(words: Sequence[str], *, is_awaited: bool) -> Hours | None:
    """The time of day in plain words. ``is_awaited`` lets a bare number be an hour."""
    part = next((PARTS[word] for word in reversed(words) if word in PARTS), None)
    clocks = [_fitted(clock, part) for clock in _clocks(words, is_awaited=is_awaited or part is not None)]
    if len(clocks) >= 2 and clocks[1].start == clocks[0].end + 1 and words[clocks[0].end] in ("and", "to", "or"):
        if words[clocks[0].end] != "or":
            return Hours(starts=clocks[0].at, ends=clocks[1].at)
        return Hours(at=clocks[0].at, is_loose=clocks[0].is_loose)
    if clocks:
        return _bounded(words, clocks[-1])
    event = _event(words)
    if event is not None:
        return event
    return Hours(starts=part[0], ends=part[1]) if part else None


def read_offset(words: Sequence[str]) -> timedelta | None:
    """A time from now on: "in an hour", "in twenty minutes", "half an hour from now"."""
    for place, word in enumerate(words):
        if word.rstrip("s") not in ("hour", "minute", "hr", "min"):
            continue
        before = list(words[max(0, place - 3) : place])
        is_ahead = "in" in before or "give" in before or list(words[place + 1 : place + 3]) == ["from", "now"]
        if not is_ahead:
            continue
        unit = timedelta(hours=1) if word.startswith("h") else timedelta(minutes=1)
        if before[-2:] == ["half", "an"]:
            return unit / 2
        return unit * _amount(before[-1] if before else "a")
    return None


def _amount(word: str) -> float:
    vague = {"a": 1, "an": 1, "few": 3, "several": 3, "couple": 2}
    return float(vague.get(word) or SMALL.get(word) or digits(word) or 1)


def _clocks(words: Sequence[str], *, is_awaited: bool) -> list[Clock]:
    found: list[Clock] = []
    place = 0
    while place < len(words):
        clock = _clock_at(words, place, is_awaited=is_awaited)
        place = clock.end if clock else place + 1
        if clock:
            found.append(clock)
    return found


def _clock_at(words: Sequence[str], place: int, *, is_awaited: bool) -> Clock | None:
    word = words[place]
    if word == "noon" and (not place or words[place - 1] not in _FROM | _UNTIL):
        return Clock(at=time(12), is_loose=False, start=place, end=place + 1)
    read = _quarter(words, place) or _hour_and_minute(words, place)
    if read is None:
        return None
    hour, minute, end = read
    after = words[end] if end < len(words) else ""
    has_minute = end - place > 1 or ":" in word
    if after == "oclock":
        end += 1
        after = words[end] if end < len(words) else ""
    elif not (has_minute or after in ("am", "pm")):
        lead = words[place - 1] if place else ""
        is_thing = lead in _POINTS or (word == "one" and lead in PARTS)
        if after in _NOT_AFTER or is_thing or not (is_awaited or lead in _LEADS):
            return None
    if after in ("am", "pm"):
        return Clock(
            at=time(hour % 12 + (12 if after == "pm" else 0), minute), is_loose=False, start=place, end=end + 1
        )
    return Clock(at=time(hour % 12 + (12 if hour % 12 < 8 else 0), minute), is_loose=True, start=place, end=end)


def _quarter(words: Sequence[str], place: int) -> tuple[int, int, int] | None:
    """Half and quarter hours: "half past two", "quarter to three"."""
    if len(words) < place + 3 or words[place] not in ("half", "quarter") or words[place + 2] not in SMALL:
        return None
    hour, minutes = SMALL[words[place + 2]], 30 if words[place] == "half" else 15
    if not 1 <= hour <= 12:
        return None
    if words[place + 1] == "past":
        return hour, minutes, place + 3
    return (hour - 2) % 12 + 1, 60 - minutes, place + 3


def _hour_and_minute(words: Sequence[str], place: int) -> tuple[int, int, int] | None:
    word = words[place]
    if ":" in word:
        hour, minute = (int(part) for part in word.split(":"))
        return ((hour - 1) % 12 + 1, minute, place + 1) if hour < 24 and minute < 60 else None
    value = SMALL.get(word) or digits(word) or 0
    if not 1 <= value <= 12 or value != int(value):
        return None
    following = list(words[place + 1 : place + 3])
    if following and following[0] in ("oh", "o") and len(following) > 1 and 0 < SMALL.get(following[1], 0) < 10:
        return int(value), SMALL[following[1]], place + 3
    if following and 10 <= SMALL.get(following[0], 0) < 60:
        adds = SMALL.get(following[1], 0) if len(following) > 1 and following[0] in TENS else 0
        return int(value), SMALL[following[0]] + (adds if adds < 10 else 0), place + (3 if 0 < adds < 10 else 2)
    return int(value), 0, place + 1


def _fitted(clock: Clock, part: tuple[time, time] | None) -> Clock:
    """The hour on the side of noon that the part of the day says."""
    if part is None or not clock.is_loose:
        return clock
    is_late = part[0] >= time(12) and clock.at.hour < 12
    is_early = part[0] < time(12) and clock.at.hour > 12
    shifted = clock.at.replace(hour=(clock.at.hour + 12) % 24) if is_late or is_early else clock.at
    return Clock(at=shifted, is_loose=False, start=clock.start, end=clock.end)


def _bounded(words: Sequence[str], clock: Clock) -> Hours:
    lead = words[clock.start - 1] if clock.start else ""
    if lead in _FROM:
        return Hours(starts=clock.at)
    if lead in _UNTIL:
        return Hours(ends=clock.at)
    return Hours(at=clock.at, is_loose=clock.is_loose)


def _event(words: Sequence[str]) -> Hours | None:
    for place, word in enumerate(words):
        if word in _EVENTS and place and words[place - 1] in _FROM:
            return Hours(starts=_EVENTS[word])
        if word in _EVENTS and place and words[place - 1] in _UNTIL:
            return Hours(ends=_EVENTS[word])
    return None
