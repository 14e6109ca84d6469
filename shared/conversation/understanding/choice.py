"""Which free time a turn picks: "thursday at two works", "the first one", "how about friday at ten"."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.conversation.brief import OpenSlot
from shared.conversation.understanding.acts import Act
from shared.conversation.understanding.when import When


def read_choice(
    acts: frozenset[Act],
    when: When | None,
    *,
    offered: Sequence[OpenSlot],
    free: Sequence[OpenSlot],
    timezone: ZoneInfo,
) -> OpenSlot | None:
    """The one free slot that is meant, or ``None`` when none is, or more than one could be.

    Args:
        acts: What the turn does.
        when: The time it names, if any.
        offered: The slots that were just offered, in the order they were said.
        free: Every slot that may be booked, earliest first.
        timezone: The person's own.
    """
    if when is not None:
        return _named(when, offered=offered, free=free, timezone=timezone, is_no=is_against(acts))
    if not offered or is_against(acts):
        return None
    return _pointed_at(acts, offered)


def is_against(acts: frozenset[Act]) -> bool:
    """Whether the turn turns a time down without wishing for another."""
    return Act.NO in acts or (Act.NEITHER in acts and not acts & {Act.COUNTER, Act.YES})


def _named(
    when: When, *, offered: Sequence[OpenSlot], free: Sequence[OpenSlot], timezone: ZoneInfo, is_no: bool
) -> OpenSlot | None:
    fitting = fitting_slots(offered, when, timezone)
    if len(fitting) == 1 and not is_no:
        return fitting[0]
    if fitting or when.at is None:
        return None
    if is_no and when.first_day is None:
        return None
    others = fitting_slots(free, when, timezone)
    return others[0] if others else None


def _pointed_at(acts: frozenset[Act], offered: Sequence[OpenSlot]) -> OpenSlot | None:
    in_time = sorted(offered, key=lambda slot: slot.starts_at)
    if Act.EARLIER_ONE in acts:
        return in_time[0]
    if Act.LATER_ONE in acts:
        return in_time[-1]
    if Act.SECOND_ONE in acts and len(offered) > 1:
        return offered[1]
    if acts & {Act.FIRST_ONE, Act.EITHER_ONE}:
        return offered[0]
    return offered[0] if len(offered) == 1 and Act.YES in acts else None


def fitting_slots(slots: Sequence[OpenSlot], when: When, timezone: ZoneInfo) -> list[OpenSlot]:
    """Those that start when ``when`` says, one per start, in their order."""
    found: dict[datetime, OpenSlot] = {}
    for slot in slots:
        if when.fits(slot.starts_at.astimezone(timezone)):
            found.setdefault(slot.starts_at, slot)
    return list(found.values())
