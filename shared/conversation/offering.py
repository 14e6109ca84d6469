"""Times put into words people use: which two to offer, the same ones again, and the nearest to one that is gone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shared.conversation.brief import CallBrief, OpenSlot
from shared.conversation.moves import AgentName, Line, Move
from shared.conversation.spoken import spoken_day, spoken_moment, spoken_slot
from shared.conversation.state import ConversationState, Stage
from shared.conversation.topics import SLOT, asking, changed, ending, exact, prefixed
from shared.conversation.understanding.understand import bookable

LEAD_TIME = timedelta(hours=2)
_AWAKE = range(8, 20)
FIRST, SIMPLY, AGAIN = ("offer_only", "offer_first"), ("offer_one", "offer_two"), ("offer_one_again", "offer_again")
"""How one time and two are offered: for the first time, in answer to something, and after an interruption."""


def offer_slots(
    state: ConversationState,
    slots: Sequence[OpenSlot],
    *lines: Line,
    brief: CallBrief,
    now: datetime,
    how: tuple[str, str] = SIMPLY,
) -> Move:
    """Offer these times, at most two, after ``lines``."""
    if not slots:
        return without_time(state, *lines, "no_slots", brief=brief)
    line = exact(how[len(slots) > 1], **spoken(slots, brief, now))
    asked = asking(state, SLOT, stage=Stage.SCHEDULING, offered=tuple(slots[:2]), doubt="", doubtful_days=())
    return Move(agent=AgentName.SCHEDULER, state=asked, lines=(*lines, line))


def offer_near(
    state: ConversationState, wanted: datetime, *lines: Line, brief: CallBrief, now: datetime, any_day: bool = False
) -> Move:
    """Offer the times nearest to the one that could not be had; on ``any_day`` those nearest to the hour."""
    starts = {slot.starts_at: slot for slot in reversed(bookable(state, brief, now))}
    timezone = ZoneInfo(brief.timezone)

    def distance(slot: OpenSlot) -> tuple[timedelta, timedelta]:
        away = abs(slot.starts_at - wanted)
        same_day = datetime.combine(wanted.astimezone(timezone), slot.starts_at.astimezone(timezone).timetz())
        return (abs(same_day - wanted), away) if any_day else (away, away)

    nearest = sorted(starts.values(), key=distance)[:2]
    return offer_slots(state, sorted(nearest, key=lambda slot: slot.starts_at), *lines, brief=brief, now=now)


def offered_again(state: ConversationState, *lines: Line, brief: CallBrief, now: datetime) -> Move:
    """Put the same times again, or what was being asked about them; after ``lines`` in other words."""
    if state.doubtful_days:
        return prefixed(ask_which_day(state, slots=state.offered), lines)
    if state.doubt:
        half = exact("which_half", **spoken(state.offered, brief, now))
        return Move(agent=AgentName.SCHEDULER, state=state, lines=(*lines, half))
    return offer_slots(state, state.offered, *lines, brief=brief, now=now, how=AGAIN if lines else SIMPLY)


def without_time(state: ConversationState, *lines: Line | str, brief: CallBrief) -> Move:
    """No time was found: say goodbye; an appointment that was to be moved stands. Acts of the script may be named."""
    said = [exact(line) if isinstance(line, str) else line for line in lines]
    if state.is_moving and state.standing is not None:
        said = [*(line for line in said if line.act not in ("no_slots", "will_arrange")), still_stands(state, brief)]
    return ending(AgentName.SCHEDULER, changed(state, is_moving=False), *said)


def still_stands(state: ConversationState, brief: CallBrief) -> Line:
    """That their appointment is as it was, before a goodbye."""
    assert state.standing is not None
    return exact("still_stands", **spoken_standing(state.standing.slot, brief))


def spoken(slots: Sequence[OpenSlot], brief: CallBrief, now: datetime) -> dict[str, str]:
    """The values that name the times on offer, and whose they are."""
    timezone = ZoneInfo(brief.timezone)
    names = ("slot_a", "slot_b")
    said = {name: spoken_slot(s.starts_at, timezone=timezone, now=now) for name, s in zip(names, slots, strict=False)}
    return {**said, "agent": slots[0].agent_name}


def spoken_standing(slot: OpenSlot, brief: CallBrief) -> dict[str, str]:
    """The values that read an appointment back: whose it is, day, date, time and zone."""
    return {"agent": slot.agent_name, "when": spoken_moment(slot.starts_at, timezone=ZoneInfo(brief.timezone))}


def ask_which_day(state: ConversationState, *, slots: Sequence[OpenSlot]) -> Move:
    """Ask which of the doubtful days is meant; ``slots`` are the times on them, if an hour was named."""
    near, far = state.doubtful_days
    line = exact("which_day", day_a=spoken_day(near), day_b=spoken_day(far))
    asked = asking(state, SLOT, stage=Stage.SCHEDULING, offered=tuple(slots[:2]))
    return Move(agent=AgentName.SCHEDULER, state=asked, lines=(line,))


def two_of(slots: Sequence[OpenSlot], brief: CallBrief) -> tuple[OpenSlot, ...]:
    """The first slot and one on another day, of the other half of the day if there is one; awake hours first."""
    if not slots:
        return ()
    timezone = ZoneInfo(brief.timezone)
    slots = [slot for slot in slots if slot.starts_at.astimezone(timezone).hour in _AWAKE] or slots
    first = slots[0]
    local = first.starts_at.astimezone(timezone)
    others = [slot for slot in slots if slot.starts_at.astimezone(timezone).date() != local.date()]
    other_half = [slot for slot in others if (slot.starts_at.astimezone(timezone).hour < 12) != (local.hour < 12)]
    later = [slot for slot in slots if slot.starts_at > first.starts_at]
    second = next(iter(other_half or others or later), None)
    return (first, second) if second else (first,)
