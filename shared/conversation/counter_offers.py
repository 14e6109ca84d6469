"""What time is wished for, read against the times on offer: "same time on Friday", "a week later", "not before ten"."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.conversation.brief import OpenSlot
from shared.conversation.counter_words import (
    Fits,
    all_of,
    at_any_time,
    bounded,
    compared,
    corrected,
    either_day,
    names_week,
    part_of,
    shifted,
)
from shared.conversation.state import ConversationState
from shared.conversation.understanding import Act, Understood, When
from shared.conversation.understanding.dates import read_when

_ANY_DAY = frozenset({"any", "anytime", "every", "another", "other", "different"})
_ANY_DAY |= {"mornings", "afternoons", "evenings"}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A time that is wished for. A start on the person's clock has to meet ``fits`` as well as ``when``.

    ``is_exact``: a day and an hour follow from it. ``is_read_anew``: it says something else than its bare words do,
    so that what was picked by them is not meant. ``keeps_day``: the day is the one that was spoken of before.
    ``is_against``: the time does not suit.
    """

    when: When
    fits: Fits = at_any_time
    is_exact: bool = False
    is_read_anew: bool = False
    is_bound: bool = False
    keeps_day: bool = False
    is_against: bool = False
    wanted: datetime | None = None

    def of(self, slots: Sequence[OpenSlot], timezone: ZoneInfo) -> list[OpenSlot]:
        """The slots that are meant, one for each start, in their order."""
        found: dict[datetime, OpenSlot] = {}
        for slot in slots:
            local = slot.starts_at.astimezone(timezone)
            if self.when.fits(local) and self.fits(local):
                found.setdefault(slot.starts_at, slot)
        return list(found.values())


def read_wish(
    understood: Understood, state: ConversationState, *, local_now: datetime, timezone: ZoneInfo
) -> Wish | None:
    """The time that a turn wishes for, or turns down; ``None`` when it names none.

    Args:
        understood: The turn.
        state: What was offered, what is booked, and what was wished for before.
        local_now: The present moment on the person's clock.
        timezone: The person's own.
    """
    tail = corrected(understood.words, local_now)
    words = bounded(tail)
    when = understood.when
    if when is None or words != understood.words:
        when = read_when(words, local_now=local_now, is_awaited=True)
    anchors = _anchors(state, understood, timezone)
    moved = shifted(words, when, anchors, local_now)
    if moved is not None:
        return Wish(when=moved.when, fits=moved.fits, is_exact=moved.is_exact, is_read_anew=True, wanted=moved.wanted)
    if when is not None and (names_week(words) or either_day(words) is not None):
        when = replace(when, first_day=None, last_day=None)
    others = all_of(compared(words, anchors, when), part_of(words, local_now), either_day(words))
    if when is None and others is None:
        return None
    kept = _merged(when or When(), state, words, timezone)
    is_against = understood.has(Act.NEITHER) and not understood.has(Act.COUNTER, Act.YES)
    return Wish(
        when=kept,
        fits=others or at_any_time,
        is_exact=kept.at is not None and kept.first_day is not None,
        is_read_anew=words != understood.words or others is not None,
        is_bound=words != tail or others is not None,
        keeps_day=kept != (when or When()),
        is_against=is_against and others is None and words == understood.words,
    )


def _anchors(state: ConversationState, understood: Understood, timezone: ZoneInfo) -> list[datetime]:
    """What "later" or "the same time" is measured from: one of the offers, all of them, or the appointment there is."""
    offered: Sequence[OpenSlot] = state.offered
    if offered and understood.has(Act.FIRST_ONE, Act.EARLIER_ONE):
        offered = offered[:1]
    elif offered and understood.has(Act.SECOND_ONE, Act.LATER_ONE):
        offered = offered[-1:]
    if not offered and state.standing is not None:
        offered = (state.standing.slot,)
    return [slot.starts_at.astimezone(timezone) for slot in offered]


def _merged(when: When, state: ConversationState, words: str, timezone: ZoneInfo) -> When:
    """The time with the day that is being spoken of, where it names none of its own."""
    before = state.wished
    names_hour_alone = when.has_time and when.first_day is None and when.moment is None
    if before is None or before.first_day is None or before.last_day is None or not names_hour_alone:
        return when
    offered = [slot.starts_at.astimezone(timezone).date() for slot in state.offered]
    is_spoken_of = bool(offered) and all(before.first_day <= each <= before.last_day for each in offered)
    if not is_spoken_of or not _ANY_DAY.isdisjoint(words.split()):
        return when
    return replace(when, first_day=before.first_day, last_day=before.last_day)
