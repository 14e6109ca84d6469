"""What is said once an action is done, was too late, or could not be written now."""

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.conversation import objections, scheduling
from shared.conversation.brief import CallBrief
from shared.conversation.moves import (
    Action,
    ActionResult,
    AgentName,
    BookSlot,
    CancelAppointment,
    Move,
    MoveAppointment,
    PromiseCallback,
    RecordOptOut,
    StopRecording,
)
from shared.conversation.offering import spoken_standing
from shared.conversation.script import Script
from shared.conversation.spoken import spoken_moment
from shared.conversation.state import ConversationState, Stage, Standing
from shared.conversation.topics import LAST, asking, changed, ending, exact, free, prefixed
from shared.conversation.understanding.languages import SPANISH
from shared.conversation.understanding.must_hear import asks_for_robot
from shared.conversation.understanding.normal import plain


def after_action(
    state: ConversationState, action: Action, result: ActionResult, *, brief: CallBrief, script: Script, now: datetime
) -> Move:
    """The move that follows an action.

    Args:
        state: The state of the move that asked for the action.
        action: What was to be done.
        result: How it went. Only ``done`` is ever told as a fact.
        brief: The call's brief.
        script: The call's script.
        now: The present moment, aware.
    """
    owed = tuple(exact(act) for act in state.owed)
    move = _after(changed(state, owed=()), action, result, brief=brief, script=script, now=now)
    return prefixed(move, owed)


def _after(
    state: ConversationState, action: Action, result: ActionResult, *, brief: CallBrief, script: Script, now: datetime
) -> Move:
    match action:
        case RecordOptOut(words=words):
            return _after_opt_out(state, words, result)
        case PromiseCallback(at=at):
            act = "callback_done" if result is ActionResult.DONE else "callback_unknown"
            act = "person_done" if state.wants_person else act
            return ending(AgentName.SCHEDULER, state, exact(act, when=_moment(at, brief)), callback_at=at)
        case StopRecording(ends_call=ends_call):
            line = exact("recording_off" if result is ActionResult.DONE else "recording_off_unknown")
            if ends_call:
                return ending(AgentName.OBJECTIONS, state, line, free("goodbye"))
            return objections.resume(state, line, brief=brief, script=script, now=now)
        case CancelAppointment():
            return _after_cancelling(state, action, result, brief)
        case BookSlot() | MoveAppointment():
            return _after_booking(state, action, result, brief=brief, now=now)


def _after_opt_out(state: ConversationState, words: str, result: ActionResult) -> Move:
    """Confirmed by how it went; whoever asked what we are is told that as well."""
    act = "opt_out_done" if result is ActionResult.DONE else "opt_out_unknown"
    if state.speaks == SPANISH:
        act = "spanish_removed"
    answer = (exact("robot"),) if asks_for_robot(plain(words)) and "robot" not in state.owed else ()
    return ending(AgentName.OBJECTIONS, state, *answer, exact(act), opted_out=True)


def _after_cancelling(
    state: ConversationState, action: CancelAppointment, result: ActionResult, brief: CallBrief
) -> Move:
    """Told by how it went. One that was made in this call is not reported as an appointment any more."""
    is_done = result is ActionResult.DONE
    gone = changed(state, standing=None, is_cancelled=is_done, chosen=None, appointment_id=None, is_booked=False)
    line = exact("cancelled" if is_done else "cancelling_unknown", **spoken_standing(action.slot, brief))
    if action.farewell:
        return ending(AgentName.SCHEDULER, gone, line, exact(action.farewell))
    asked = asking(changed(gone, stage=Stage.CLOSING), LAST)
    return Move(agent=AgentName.SCHEDULER, state=asked, lines=(line, exact("anything_else")))


def _after_booking(
    state: ConversationState,
    action: BookSlot | MoveAppointment,
    result: ActionResult,
    *,
    brief: CallBrief,
    now: datetime,
) -> Move:
    """Booked, gone meanwhile, or to be confirmed; until another time is booked in its place the old one stands."""
    slot, old = action.slot, state.standing
    if result is ActionResult.TAKEN:
        refused = changed(state, offered=(), wished=None, refused_slots=(*state.refused_slots, slot.starts_at))
        return scheduling.near(_unchosen(refused, old), slot.starts_at, exact("taken"), brief=brief, now=now)
    is_booked = result is ActionResult.DONE
    booked = changed(state, chosen=slot, is_booked=is_booked, stage=Stage.CLOSING, is_moving=False)
    if isinstance(action, MoveAppointment):
        booked = changed(booked, moved_from=action.instead_of)
    if is_booked:
        booked = changed(booked, standing=Standing(slot=slot, id=state.appointment_id))
    is_moved = isinstance(action, MoveAppointment)
    act = ("moved" if is_moved else "booked") if is_booked else ("moving_unknown" if is_moved else "booking_unknown")
    line = exact(act, **spoken_standing(slot, brief))
    return Move(agent=AgentName.SCHEDULER, state=asking(booked, LAST), lines=(line,))


def _unchosen(state: ConversationState, old: Standing | None) -> ConversationState:
    """The state without the time that is gone: with the appointment that was to be moved, if there was one."""
    if old is None:
        return changed(state, chosen=None, appointment_id=None)
    return changed(state, chosen=old.slot, appointment_id=None if old.is_of_earlier else old.id, is_booked=True)


def _moment(at: datetime, brief: CallBrief) -> str:
    return spoken_moment(at, timezone=ZoneInfo(brief.timezone))
