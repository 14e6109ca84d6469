"""The scheduler: two times on offer, a counter-offer, a booking in two steps, a call back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from shared.conversation.brief import CallBrief, OpenSlot
from shared.conversation.moves import AgentName, BookSlot, Line, Move, PromiseCallback
from shared.conversation.script import Script
from shared.conversation.spoken import spoken_slot
from shared.conversation.state import ConversationState, Stage
from shared.conversation.topics import CALLBACK, SLOT, asking, changed, ending, exact
from shared.conversation.understanding import Act, Understood, When
from shared.conversation.understanding.choice import fitting_slots
from shared.conversation.understanding.understand import bookable
from shared.kernel.ids import AppointmentId

_MOST_OFFERS = 4
_MOST_ASKED = 2
_LEAD_TIME = timedelta(hours=2)
_AWAKE = range(8, 20)


def decide(
    state: ConversationState, understood: Understood, *, brief: CallBrief, script: Script, now: datetime
) -> Move:
    """Book what was chosen, meet a counter-offer, or ask for a time."""
    if state.pending == CALLBACK:
        return ask_callback(state, understood, exact("callback_clarify"), brief=brief, script=script, now=now)
    if understood.choice is not None:
        return _book(state, understood.choice, brief)
    if state.asked.get(SLOT, 0) >= _MOST_OFFERS:
        return ending(AgentName.SCHEDULER, state, exact("will_arrange"))
    if understood.when is not None:
        is_against = understood.has(Act.NEITHER) and not understood.has(Act.COUNTER, Act.YES)
        meet = _without if is_against else _counter
        return meet(state, understood.when, brief=brief, now=now)
    if understood.has(Act.WAIT):
        return Move(agent=AgentName.SCHEDULER, state=state, lines=(exact("take_your_time"),))
    if understood.has(Act.JUST_LOOKING, Act.THINK_ABOUT_IT):
        return ending(AgentName.SCHEDULER, state, exact("nurture_end"))
    if understood.has(Act.NO, Act.NEITHER, Act.POLITE_NO):
        return _refused(state, understood)
    if understood.has(Act.YES) and len(state.offered) > 1:
        return _which(state, brief=brief, now=now)
    return offer(state, exact("sorry"), brief=brief, script=script, now=now, again=True)


def offer(
    state: ConversationState, *lines: Line, brief: CallBrief, script: Script, now: datetime, again: bool = False
) -> Move:
    """Offer two times, or the same ones ``again``."""
    slots = state.offered if again and state.offered else _two(bookable(state, brief, now + _LEAD_TIME), brief)
    slots = slots or _two(bookable(state, brief, now), brief)
    return _offering(state, slots, *lines, brief=brief, now=now, is_first=not (lines or state.asked.get(SLOT)))


def near(state: ConversationState, wanted: datetime, *lines: Line, brief: CallBrief, now: datetime) -> Move:
    """Offer the times nearest to the one that could not be had."""
    free = bookable(state, brief, now)
    starts = {slot.starts_at: slot for slot in reversed(free)}
    nearest = sorted(starts.values(), key=lambda slot: abs(slot.starts_at - wanted))[:2]
    return _offering(state, sorted(nearest, key=lambda slot: slot.starts_at), *lines, brief=brief, now=now)


def ask_callback(
    state: ConversationState, understood: Understood, question: Line, *, brief: CallBrief, script: Script, now: datetime
) -> Move:
    """Promise to call back at the time that was said, or ask for one with ``question``.

    When no time can be had, after two questions or before a goodbye, it is the same time tomorrow.
    """
    local_now = now.astimezone(ZoneInfo(brief.timezone))
    when = understood.when
    is_leaving = state.pending == CALLBACK and understood.has(Act.GOODBYE, Act.THANK)
    is_enough = is_leaving or (when is not None and (when.has_time or state.asked.get(CALLBACK, 0) > 0))
    if understood.has(Act.POLITE_NO, Act.NEITHER) and state.pending == CALLBACK and when is None:
        return ending(AgentName.SCHEDULER, state, exact("will_arrange"))
    if is_enough or state.asked.get(CALLBACK, 0) >= _MOST_ASKED:
        at = (when or When(first_day=local_now.date() + timedelta(days=1))).callback(local_now)
        utc = at.astimezone(now.tzinfo)
        return Move(
            agent=AgentName.SCHEDULER,
            state=changed(state, callback_at=utc),
            action=PromiseCallback(at=utc),
        )
    return Move(agent=AgentName.SCHEDULER, state=asking(state, CALLBACK), lines=(question,))


def _book(state: ConversationState, slot: OpenSlot, brief: CallBrief) -> Move:
    """Ask for the booking. The appointment's id follows from call and time, so that repeating it books nothing more."""
    booking = uuid5(NAMESPACE_URL, f"appointment:{brief.attempt_id}:{slot.starts_at.isoformat()}")
    chosen = changed(
        state, chosen=slot, appointment_id=AppointmentId(str(booking)), stage=Stage.SCHEDULING, resume=None
    )
    return Move(agent=AgentName.SCHEDULER, state=chosen, action=BookSlot(slot=slot))


def _without(state: ConversationState, when: When, *, brief: CallBrief, now: datetime) -> Move:
    """The person cannot do the time they named: offer others."""
    timezone = ZoneInfo(brief.timezone)
    unfit = {slot.starts_at for slot in fitting_slots(bookable(state, brief, now), when, timezone)}
    refused = changed(state, refused_slots=(*state.refused_slots, *sorted(unfit)))
    return _offering(refused, _two(bookable(refused, brief, now), brief), brief=brief, now=now)


def _counter(state: ConversationState, when: When, *, brief: CallBrief, now: datetime) -> Move:
    """The person named a time that does not pick one slot: offer what fits it, else what comes nearest."""
    timezone = ZoneInfo(brief.timezone)
    fitting = fitting_slots(bookable(state, brief, now), when, timezone)
    if fitting:
        return _offering(state, _two(fitting, brief), brief=brief, now=now)
    wanted = when.callback(now.astimezone(timezone))
    return near(state, wanted, exact("not_free"), brief=brief, now=now)


def _refused(state: ConversationState, understood: Understood) -> Move:
    """The offer does not suit: ask for a better time once, then let it rest."""
    refused = changed(
        state, offered=(), refused_slots=(*state.refused_slots, *(slot.starts_at for slot in state.offered))
    )
    if not state.offered or understood.has(Act.POLITE_NO):
        return ending(AgentName.SCHEDULER, refused, exact("will_arrange"))
    return Move(agent=AgentName.SCHEDULER, state=asking(refused, SLOT), lines=(exact("what_time"),))


def _which(state: ConversationState, *, brief: CallBrief, now: datetime) -> Move:
    """A yes to two times: ask which; to a second yes the first is meant."""
    if state.resume == SLOT:
        return _book(state, state.offered[0], brief)
    line = exact("which_one", **_spoken(state.offered, brief, now))
    return Move(agent=AgentName.SCHEDULER, state=changed(asking(state, SLOT), resume=SLOT), lines=(line,))


def _offering(
    state: ConversationState,
    slots: Sequence[OpenSlot],
    *lines: Line,
    brief: CallBrief,
    now: datetime,
    is_first: bool = False,
) -> Move:
    if not slots:
        return ending(AgentName.SCHEDULER, state, exact("no_slots"))
    first_act, act = ("offer_first", "offer_two") if len(slots) > 1 else ("offer_only", "offer_one")
    act = first_act if is_first else act
    line = exact(act, **_spoken(slots, brief, now))
    asked = asking(state, SLOT, stage=Stage.SCHEDULING, offered=tuple(slots[:2]))
    return Move(agent=AgentName.SCHEDULER, state=asked, lines=(*lines, line))


def _spoken(slots: Sequence[OpenSlot], brief: CallBrief, now: datetime) -> dict[str, str]:
    timezone = ZoneInfo(brief.timezone)
    names = ("slot_a", "slot_b")
    said = {name: spoken_slot(s.starts_at, timezone=timezone, now=now) for name, s in zip(names, slots, strict=False)}
    return {**said, "agent": slots[0].agent_name}


def _two(slots: Sequence[OpenSlot], brief: CallBrief) -> tuple[OpenSlot, ...]:
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
