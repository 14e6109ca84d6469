"""Spoken dates and times, read on the person's own clock."""

import re
from datetime import datetime

from shared.conversation.understanding.days import WEEKDAYS, read_days
from shared.conversation.understanding.times import read_hours, read_offset
from shared.conversation.understanding.when import When

_EXCLUDED = re.compile(
    rf"\b(?:but )?(?:not|never|instead of|rather than|anything but|except) (?:on |in the |the |at |for )?"
    rf"(?:{'|'.join(WEEKDAYS)}|tomorrow|today|tonight|morning|mornings|afternoon|afternoons|evening|evenings)\b"
)


def wished(words: str) -> str:
    """Plain words without the days and hours they exclude: "thursday not tuesday" is "thursday"."""
    return " ".join(_EXCLUDED.sub(" ", words).split())


def read_when(words: str, *, local_now: datetime, is_awaited: bool) -> When | None:
    """The time that plain ``words`` name, or ``None``.

    Args:
        words: Plain words, see ``normal.plain``.
        local_now: The present moment on the person's zone.
        is_awaited: Whether we asked for a time, so that a bare "two" or "the afternoon" is one.
    """
    split = words.split()
    offset = read_offset(split)
    if offset is not None:
        return When(moment=local_now + offset)
    days = read_days(split, today=local_now.date())
    hours = read_hours(split, is_awaited=is_awaited or days is not None)
    if days is None and hours is None:
        return None
    return When(
        first_day=days[0] if days else None,
        last_day=days[1] if days else None,
        at=hours.at if hours else None,
        is_loose=hours.is_loose if hours else False,
        starts=hours.starts if hours else None,
        ends=hours.ends if hours else None,
    )
