"""An appointment that stands: moved to another time, cancelled, or kept as it is."""

import re
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from shared.conversation.brief import CallBrief
from shared.conversation.counter_offers import Wish, read_wish
from shared.conversation.moves import AgentName, CancelAppointment, Line, Move
from shared.conversation.offering import LEAD_TIME, offer_slots, spoken_standing, two_of
from shared.conversation.state import ConversationState, Stage
from shared.conversation.topics import CANCEL, LAST, SLOT, STILL_GOOD, asking, changed, ending, exact
from shared.conversation.understanding import Act, Understood
from shared.conversation.understanding.days import read_days
from shared.conversation.understanding.times import read_hours
from shared.conversation.understanding.understand import bookable

_FINAL = {Act.ALREADY_DONE: "objection.already_done", Act.NOT_INTERESTED: "objection.not_interested"}
"""Why nobody wants an appointment any more, and the goodbye to it."""
_TO = re.compile(
    r"^.*?\b(?:to|for|until|till|instead|about|could we do|can we do|could we make it|can we make it|do|on)\b"
)
_MOST_ASKED = 2
_ANY_DAY = date(2026, 1, 5)


def is_wish(state: ConversationState, understood: Understood) -> bool:
    """Whether the turn is about the appointment that stands, or about one that somebody believes to have."""
    if state.pending == SLOT:
        return understood.has(Act.CANCEL_APPOINTMENT) and state.standing is not None
    if state.standing is None:
        return state.stage is not Stage.GREETING and state.cancelled is None and claims_one(understood)
    if understood.has(Act.RESCHEDULE, Act.CANCEL_APPOINTMENT):
        return not understood.has(Act.GOODBYE) or understood.has(Act.CANCEL_APPOINTMENT)
    return state.pending == LAST and understood.has(Act.CORRECTION) and names_time(understood.words)


def claims_one(understood: Understood) -> bool:
    """Whether somebody speaks of an appointment of theirs as of one that exists."""
    names_it = not {"appointment", "visit", "meeting", "showing"}.isdisjoint(understood.words.split())
    return names_it and understood.has(Act.CANCEL_APPOINTMENT, Act.RESCHEDULE)


def names_time(words: str) -> bool:
    """Whether plain words name a day or an hour."""
    split = words.split()
    return read_days(split, today=_ANY_DAY) is not None or read_hours(split, is_awaited=False) is not None


def decide(state: ConversationState, understood: Understood, *, brief: CallBrief, now: datetime) -> Move:
    """Cancel, look for another time, or leave it; before it is cancelled the appointment is read back."""
    if state.standing is None:
        return _nothing_known(state, brief)
    if state.pending == STILL_GOOD and not understood.has(Act.RESCHEDULE, Act.CANCEL_APPOINTMENT):
        return _still_good(state, understood, brief)
    if state.pending == CANCEL:
        return _answered(state, understood, brief=brief, now=now)
    if understood.has(Act.CANCEL_APPOINTMENT) and not understood.has(Act.RESCHEDULE):
        final = final_reason(understood)
        if final is not None or state.pending == SLOT:
            return cancel(state, final)
        return _check(state, brief)
    return move_it(state, brief=brief, now=now)


def cancel(state: ConversationState, final: Act | None = None) -> Move:
    """Have the appointment cancelled; with a ``final`` reason the call ends after it."""
    assert state.standing is not None
    reasons = {
        "not_interested": state.not_interested or final is Act.NOT_INTERESTED,
        "disqualified_because": "already done" if final is Act.ALREADY_DONE else state.disqualified_because,
    }
    raised = (final.value,) if final is not None and final not in state.objections else ()
    given_up = changed(
        state, cancelled=state.standing, is_moving=False, objections=(*state.objections, *raised), **reasons
    )
    action = CancelAppointment(
        slot=state.standing.slot, appointment_id=state.standing.id, farewell=_FINAL[final] if final else ""
    )
    return Move(agent=AgentName.SCHEDULER, state=given_up, action=action)


def move_it(state: ConversationState, *, brief: CallBrief, now: datetime) -> Move:
    """Offer other times; the appointment stands until one of them is booked in its place."""
    assert state.standing is not None
    starts = state.standing.slot.starts_at
    refused = state.refused_slots if starts in state.refused_slots else (*state.refused_slots, starts)
    moving = changed(state, is_moving=True, refused_slots=refused, offered=(), wished=None, doubt="")
    slots = two_of(bookable(moving, brief, now + LEAD_TIME) or bookable(moving, brief, now), brief)
    return offer_slots(moving, slots, exact("move_it"), brief=brief, now=now)


def new_time(state: ConversationState, understood: Understood, *, brief: CallBrief, now: datetime) -> Wish | None:
    """The time that the appointment is to be moved to, if it is named; that of the old one is not meant."""
    assert state.standing is not None
    timezone = ZoneInfo(brief.timezone)
    old = state.standing.slot.starts_at.astimezone(timezone)
    tail = _TO.sub("", understood.words).strip()
    words = replace(understood, words=tail, when=None, acts=understood.acts - {Act.NEITHER, Act.NO})
    unoffered = changed(state, offered=(), wished=None)
    wish = read_wish(words, unoffered, local_now=now.astimezone(timezone), timezone=timezone)
    if wish is None or (wish.when.first_day == old.date() and not wish.when.has_time):
        return None
    return wish


def final_reason(understood: Understood) -> Act | None:
    """Why they want no appointment any more, if they say so."""
    return next((act for act in _FINAL if understood.has(act)), None)


def _answered(state: ConversationState, understood: Understood, *, brief: CallBrief, now: datetime) -> Move:
    """What they say to "cancel it, or find another time?": a bare no leaves it as it is."""
    final = final_reason(understood)
    if final is not None or understood.has(Act.CANCEL_APPOINTMENT):
        return cancel(state, final)
    if understood.has(Act.RESCHEDULE) or names_time(understood.words):
        return move_it(state, brief=brief, now=now)
    if understood.has(Act.NO, Act.POLITE_NO, Act.GOODBYE):
        return keep(state, brief)
    if understood.has(Act.YES):
        return cancel(state)
    if state.asked.get(CANCEL, 0) > 1:
        return keep(state, brief)
    return _check(state, brief, exact("sorry"))


def _check(state: ConversationState, brief: CallBrief, *lines: Line) -> Move:
    """Read the appointment back, and ask what is to become of it."""
    assert state.standing is not None
    line = exact("cancel_check", **spoken_standing(state.standing.slot, brief))
    return Move(agent=AgentName.SCHEDULER, state=asking(state, CANCEL), lines=(*lines, line))


def _still_good(state: ConversationState, understood: Understood, brief: CallBrief) -> Move:
    """What they say to whether their appointment still suits them; only a no asks for more."""
    if understood.has(Act.NO, Act.NEITHER) and not understood.has(Act.YES):
        return _check(state, brief)
    if understood.is_empty or understood.has(Act.REPEAT):
        again = asking(state, STILL_GOOD)
        is_lost = again.asked[STILL_GOOD] > _MOST_ASKED
        assert state.standing is not None
        read_back = exact("your_appointment", **spoken_standing(state.standing.slot, brief))
        lines = (exact("sorry"), read_back, exact("still_good"))
        return keep(state, brief) if is_lost else Move(agent=AgentName.SCHEDULER, state=again, lines=lines)
    asked = asking(state, LAST, stage=Stage.CLOSING)
    return Move(agent=AgentName.SCHEDULER, state=asked, lines=(exact("anything_else"),))


def keep(state: ConversationState, brief: CallBrief) -> Move:
    """Leave the appointment as it is, and say so."""
    assert state.standing is not None
    kept = asking(changed(state, is_moving=False), LAST, stage=Stage.CLOSING)
    lines = (exact("still_stands", **spoken_standing(state.standing.slot, brief)), exact("anything_else"))
    return Move(agent=AgentName.SCHEDULER, state=kept, lines=lines)


def _nothing_known(state: ConversationState, brief: CallBrief) -> Move:
    """They speak of an appointment that we have no record of: a person looks into it."""
    asked = changed(state, wants_person=True)
    if brief.transfer_to is not None:
        return ending(AgentName.SCHEDULER, asked, exact("connecting"), transferred_to=brief.transfer_to)
    return ending(AgentName.SCHEDULER, asked, exact("no_appointment"))
