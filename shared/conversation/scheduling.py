"""The scheduler: two times on offer, a counter-offer, what is not clear asked, a booking that is read back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from shared.conversation import rescheduling
from shared.conversation.brief import CallBrief, OpenSlot
from shared.conversation.callbacks import ask_callback
from shared.conversation.counter_offers import Wish, read_wish
from shared.conversation.counter_words import spells_digits
from shared.conversation.doubts import DAY, doubt_of, settled_day, settled_half
from shared.conversation.known import informed
from shared.conversation.moves import AgentName, BookSlot, Line, Move, MoveAppointment
from shared.conversation.offering import (
    FIRST,
    LEAD_TIME,
    SIMPLY,
    ask_which_day,
    offer_near,
    offer_slots,
    spoken,
    two_of,
    without_time,
)
from shared.conversation.script import Script
from shared.conversation.state import ConversationState, Stage
from shared.conversation.topics import CALLBACK, CANCEL, SLOT, STILL_GOOD, asking, changed, ending, exact, given_time
from shared.conversation.understanding import Act, Understood
from shared.conversation.understanding.understand import bookable
from shared.kernel.ids import AppointmentId

_MOST_OFFERS = 5


def decide(
    state: ConversationState, understood: Understood, *, brief: CallBrief, script: Script, now: datetime
) -> Move:
    """Book what was chosen, meet a counter-offer, ask what is not clear, or ask for a time."""
    if state.pending == CALLBACK:
        return ask_callback(state, understood, exact("callback_clarify"), brief=brief, now=now)
    if rescheduling.is_wish(state, understood) or state.pending in (CANCEL, STILL_GOOD):
        return _about_standing(state, understood, brief=brief, now=now)
    if spells_digits(understood.words):
        understood = replace(understood, when=None, choice=None)
        return _otherwise(state, understood, brief=brief, script=script, now=now)
    timezone = ZoneInfo(brief.timezone)
    wish = read_wish(understood, state, local_now=now.astimezone(timezone), timezone=timezone)
    settled = _settled(state, understood, wish, brief=brief, now=now)
    if settled is not None:
        return settled
    doubt = _doubt(state, understood, wish, brief=brief, now=now)
    if doubt is not None:
        return doubt
    slot = _picked(state, understood, wish, brief=brief, now=now)
    if slot is not None:
        return book(state, slot, brief)
    if state.asked.get(SLOT, 0) >= _MOST_OFFERS:
        return without_time(state, "will_arrange", brief=brief)
    if wish is not None:
        meet = _without if wish.is_against else _counter
        return meet(changed(state, wished=wish.when), wish, brief=brief, now=now)
    return _otherwise(state, understood, brief=brief, script=script, now=now)


def offer(
    state: ConversationState, *lines: Line, brief: CallBrief, script: Script, now: datetime, again: bool = False
) -> Move:
    """Offer two times, or the same ones ``again``."""
    slots = state.offered if again and state.offered else two_of(bookable(state, brief, now + LEAD_TIME), brief)
    slots = slots or two_of(bookable(state, brief, now), brief)
    is_first = not (lines or state.asked.get(SLOT))
    return offer_slots(state, slots, *lines, brief=brief, now=now, how=FIRST if is_first else SIMPLY)


def near(state: ConversationState, wanted: datetime, *lines: Line, brief: CallBrief, now: datetime) -> Move:
    """Offer the times nearest to the one that could not be had."""
    return offer_near(state, wanted, *lines, brief=brief, now=now)


def book(state: ConversationState, slot: OpenSlot, brief: CallBrief) -> Move:
    """Ask for the booking. The appointment's id follows from call and time, so that repeating it books nothing more."""
    booking = uuid5(NAMESPACE_URL, f"appointment:{brief.attempt_id}:{slot.starts_at.isoformat()}")
    chosen = changed(
        state,
        chosen=slot,
        appointment_id=AppointmentId(str(booking)),
        stage=Stage.SCHEDULING,
        resume=None,
        doubt="",
        doubtful_days=(),
    )
    if state.is_moving and state.standing is not None:
        action = MoveAppointment(slot=slot, instead_of=state.standing.id)
        return Move(agent=AgentName.SCHEDULER, state=chosen, action=action)
    return Move(agent=AgentName.SCHEDULER, state=chosen, action=BookSlot(slot=slot))


def _about_standing(state: ConversationState, understood: Understood, *, brief: CallBrief, now: datetime) -> Move:
    """Cancel the appointment there is, or look for another time; one that was named is booked at once."""
    if state.stage is Stage.GREETING:
        state = changed(informed(state, brief), stage=Stage.QUALIFYING, heard="human")
    move = rescheduling.decide(state, understood, brief=brief, now=now)
    if move.action is not None or not move.state.is_moving or move.state.pending != SLOT:
        return move
    wish = rescheduling.new_time(move.state, understood, brief=brief, now=now)
    if wish is None:
        return move
    moving = changed(move.state, asked=state.asked, wished=wish.when)
    return _booked_or_countered(moving, wish, brief=brief, now=now)


def _settled(
    state: ConversationState, understood: Understood, wish: Wish | None, *, brief: CallBrief, now: datetime
) -> Move | None:
    """What follows once it is said which day or half of the day was meant."""
    if not state.doubt:
        return None
    if state.doubt != DAY:
        half = settled_half(state, understood)
        return book(state, half, brief) if half is not None else None
    when = wish.when if wish is not None else understood.when
    day = settled_day(state, understood, when, local_now=now.astimezone(ZoneInfo(brief.timezone)))
    if day is None:
        return None
    hours = when if when is not None and when.has_time else state.wished or when
    assert hours is not None
    meant = Wish(when=replace(hours, first_day=day, last_day=day, moment=None), is_exact=hours.at is not None)
    clear = changed(state, doubt="", doubtful_days=(), wished=meant.when)
    return _booked_or_countered(clear, meant, brief=brief, now=now)


def _booked_or_countered(state: ConversationState, wish: Wish, *, brief: CallBrief, now: datetime) -> Move:
    """Book the very time that was named, if it is free; otherwise offer."""
    fitting = wish.of(bookable(state, brief, now), ZoneInfo(brief.timezone))
    return book(state, fitting[0], brief) if wish.is_exact and fitting else _counter(state, wish, brief=brief, now=now)


def _doubt(
    state: ConversationState, understood: Understood, wish: Wish | None, *, brief: CallBrief, now: datetime
) -> Move | None:
    """The question about a time that may mean two; once only."""
    picks_offer = understood.choice is not None and understood.choice in state.offered
    if wish is None or wish.is_against or state.doubt or (picks_offer and not wish.is_read_anew):
        return None
    timezone = ZoneInfo(brief.timezone)
    free = bookable(state, brief, now)
    found = doubt_of(understood.words, wish.when, free, local_now=now.astimezone(timezone), timezone=timezone)
    if found is None:
        return None
    doubtful = changed(state, doubt=found.kind, doubtful_days=found.days, wished=wish.when)
    if found.kind == DAY:
        hours = [replace(wish, when=replace(wish.when, first_day=day, last_day=day)) for day in found.days]
        slots = [slot for each in hours for slot in each.of(free, timezone)[:1]] if wish.when.at is not None else []
        return ask_which_day(doubtful, slots=slots)
    line = exact("which_half", **spoken(found.slots, brief, now))
    asked = asking(doubtful, SLOT, stage=Stage.SCHEDULING, offered=found.slots)
    return Move(agent=AgentName.SCHEDULER, state=asked, lines=(line,))


def _picked(
    state: ConversationState, understood: Understood, wish: Wish | None, *, brief: CallBrief, now: datetime
) -> OpenSlot | None:
    """The one free time that is meant, if one is."""
    choice = understood.choice
    if wish is None or not (wish.is_read_anew or (wish.keeps_day and choice not in state.offered)):
        return choice
    timezone = ZoneInfo(brief.timezone)
    among = wish.of([slot for slot in state.offered if slot.starts_at > now], timezone)
    if len(among) == 1 and not wish.is_against and (wish.is_exact or not wish.is_bound):
        return among[0]
    fitting = wish.of(bookable(state, brief, now), timezone)
    return fitting[0] if wish.is_exact and len(fitting) == 1 else None


def _without(state: ConversationState, wish: Wish, *, brief: CallBrief, now: datetime) -> Move:
    """The person cannot do the time they named: offer others."""
    unfit = {slot.starts_at for slot in wish.of(bookable(state, brief, now), ZoneInfo(brief.timezone))}
    refused = changed(state, refused_slots=(*state.refused_slots, *sorted(unfit)), wished=None)
    return offer_slots(refused, two_of(bookable(refused, brief, now), brief), brief=brief, now=now)


def _counter(state: ConversationState, wish: Wish, *, brief: CallBrief, now: datetime) -> Move:
    """The person named a time that does not pick one slot: offer what fits it, else what comes nearest."""
    timezone = ZoneInfo(brief.timezone)
    fitting = wish.of(bookable(state, brief, now), timezone)
    if fitting:
        return offer_slots(state, two_of(fitting, brief), brief=brief, now=now)
    wanted = wish.wanted or wish.when.callback(now.astimezone(timezone))
    line = exact("not_free" if wish.is_exact or wish.when.at is not None else "nothing_then")
    names_day = wish.wanted is not None or wish.when.first_day is not None or wish.when.moment is not None
    return offer_near(state, wanted, line, brief=brief, now=now, any_day=wish.when.has_time and not names_day)


def _otherwise(
    state: ConversationState, understood: Understood, *, brief: CallBrief, script: Script, now: datetime
) -> Move:
    """No time was named: wait, let them be, ask which of two, or offer once more."""
    if understood.has(Act.WAIT):
        return given_time(AgentName.SCHEDULER, state)
    if understood.has(Act.JUST_LOOKING, Act.THINK_ABOUT_IT) and not state.is_moving:
        return ending(AgentName.SCHEDULER, state, exact("nurture_end"))
    if understood.has(Act.EITHER_ONE) and state.offered and not understood.has(Act.NEITHER):
        return book(state, state.offered[0], brief)
    if understood.has(Act.NO, Act.NEITHER, Act.POLITE_NO):
        return _refused(state, understood, brief)
    if understood.has(Act.YES) and len(state.offered) > 1 and not state.doubt:
        return _which(state, state.offered, brief=brief, now=now)
    return offer(state, exact("sorry"), brief=brief, script=script, now=now, again=True)


def _refused(state: ConversationState, understood: Understood, brief: CallBrief) -> Move:
    """The offer does not suit: ask for a better time once, then let it rest."""
    starts = tuple(slot.starts_at for slot in state.offered)
    refused = changed(state, offered=(), refused_slots=(*state.refused_slots, *starts))
    if not state.offered or understood.has(Act.POLITE_NO):
        return without_time(refused, "will_arrange", brief=brief)
    return Move(agent=AgentName.SCHEDULER, state=asking(refused, SLOT), lines=(exact("what_time"),))


def _which(state: ConversationState, slots: Sequence[OpenSlot], *, brief: CallBrief, now: datetime) -> Move:
    """A yes to two times: ask which; to a second yes the first is meant."""
    if state.resume == SLOT:
        return book(state, slots[0], brief)
    line = exact("which_one", **spoken(slots, brief, now))
    return Move(agent=AgentName.SCHEDULER, state=changed(asking(state, SLOT), resume=SLOT), lines=(line,))
