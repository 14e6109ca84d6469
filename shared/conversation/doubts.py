"""What is not clear about a time that somebody names, and what they say when they are asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.conversation.brief import OpenSlot
from shared.conversation.counter_words import corrected
from shared.conversation.state import ConversationState
from shared.conversation.understanding import Act, Understood, When
from shared.conversation.understanding.days import MONTHS, WEEKDAYS
from shared.conversation.understanding.numbers import ordinal

DAY, HALF = "day", "half"
_WEEK = timedelta(days=7)
_NEXT = re.compile(rf"\bnext ({'|'.join(WEEKDAYS)})\b")
_MORNING = frozenset({"morning", "am", "early", "earlier"})
_EVENING = frozenset({"evening", "afternoon", "night", "pm", "tonight", "late", "later"})
_NEAR = frozenset({"this", "coming", "tomorrow", "first", "nearest"})
_FAR = frozenset({"next", "following", "after", "second"})


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """Two readings of one time: of which ``days``, or which of the ``slots`` in the two halves of a day."""

    kind: str
    days: tuple[date, ...] = ()
    slots: tuple[OpenSlot, ...] = ()


def doubt_of(
    words: str, when: When, free: Sequence[OpenSlot], *, local_now: datetime, timezone: ZoneInfo
) -> Doubt | None:
    """What has to be asked before the time in plain ``words`` can be offered or booked; only what could be had counts.

    "Next Tuesday" is doubtful while a Tuesday of this week is still ahead, a bare weekday when it is today.
    """
    days = _days(words, when, local_now.date())
    if days:
        possible = [each for each in days if _fitting(replace(when, first_day=each, last_day=each), free, timezone)]
        return Doubt(kind=DAY, days=tuple(days)) if len(possible) > 1 else None
    if when.at is None or not when.is_loose or not _MORNING.isdisjoint(words.split()):
        return None
    fitting = _fitting(when, free, timezone)
    by_day: dict[date, list[OpenSlot]] = {}
    for slot in fitting:
        by_day.setdefault(slot.starts_at.astimezone(timezone).date(), []).append(slot)
    halves = next((slots for slots in by_day.values() if len(slots) > 1), None)
    return Doubt(kind=HALF, slots=tuple(halves[:2])) if halves and len(by_day) == 1 else None


def settled_day(
    state: ConversationState, understood: Understood, when: When | None, *, local_now: datetime
) -> date | None:
    """Which of the doubtful days is meant; ``None`` when that was not said."""
    near, far = state.doubtful_days
    if when is not None and when.first_day is not None and when.first_day == when.last_day:
        if when.first_day in (near, far):
            said_no = understood.has(Act.NO, Act.NEITHER) and not understood.has(Act.COUNTER, Act.YES)
            is_only_no = said_no and when == When(first_day=when.first_day, last_day=when.last_day)
            return {near: far, far: near}[when.first_day] if is_only_no else when.first_day
        return None
    words = frozenset(corrected(understood.words, local_now).split())
    if understood.has(Act.SECOND_ONE, Act.LATER_ONE) or words & _FAR:
        return far
    return near if understood.has(Act.FIRST_ONE, Act.EARLIER_ONE, Act.EITHER_ONE) or words & _NEAR else None


def settled_half(state: ConversationState, understood: Understood) -> OpenSlot | None:
    """Which of the two halves of the day is meant; ``None`` when that was not said."""
    words = frozenset(understood.words.split())
    if len(state.offered) != 2 or bool(words & _MORNING) == bool(words & _EVENING):
        return None
    return state.offered[0] if words & _MORNING else state.offered[1]


def _days(words: str, when: When, today: date) -> list[date]:
    """The two days that a weekday may mean; none when it is clear."""
    split = words.split()
    has_date = any(ordinal(split, place) for place in range(len(split))) or not MONTHS.keys().isdisjoint(split)
    day = when.first_day
    if has_date or day is None or day != when.last_day or "week" in split:
        return []
    found = _NEXT.search(words)
    if found is not None:
        coming = today + timedelta(days=(WEEKDAYS[found[1]] - today.weekday()) % 7)
        is_this_week = coming > today and coming.weekday() > today.weekday()
        return [coming, coming + _WEEK] if is_this_week and day in (coming, coming + _WEEK) else []
    is_today = day == today and any(WEEKDAYS.get(word) == today.weekday() for word in split)
    return [today, today + _WEEK] if is_today and "today" not in split else []


def _fitting(when: When, free: Sequence[OpenSlot], timezone: ZoneInfo) -> list[OpenSlot]:
    found: dict[datetime, OpenSlot] = {}
    for slot in free:
        if when.fits(slot.starts_at.astimezone(timezone)):
            found.setdefault(slot.starts_at, slot)
    return list(found.values())
