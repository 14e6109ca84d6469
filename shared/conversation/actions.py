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
    Move,
    PromiseCallback,
    RecordOptOut,
    StopRecording,
)
from shared.conversation.script import Script
from shared.conversation.spoken import spoken_moment
from shared.conversation.state import ConversationState, Stage
from shared.conversation.topics import LAST, asking, changed, ending, exact, free


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
    if isinstance(action, RecordOptOut):
        act = "opt_out_done" if result is ActionResult.DONE else "opt_out_unknown"
        return ending(AgentName.OBJECTIONS, state, exact(act), opted_out=True)
    if isinstance(action, PromiseCallback):
        act = "callback_done" if result is ActionResult.DONE else "callback_unknown"
        act = "person_done" if state.wants_person else act
        return ending(AgentName.SCHEDULER, state, exact(act, when=_moment(action.at, brief)), callback_at=action.at)
    if isinstance(action, StopRecording):
        line = exact("recording_off" if result is ActionResult.DONE else "recording_off_unknown")
        if action.ends_call:
            return ending(AgentName.OBJECTIONS, state, line, free("goodbye"))
        return objections.resume(state, line, brief=brief, script=script, now=now)
    return _after_booking(state, action, result, brief=brief, now=now)


def _after_booking(
    state: ConversationState, action: BookSlot, result: ActionResult, *, brief: CallBrief, now: datetime
) -> Move:
    slot = action.slot
    if result is ActionResult.TAKEN:
        freed = changed(
            state, chosen=None, appointment_id=None, offered=(), refused_slots=(*state.refused_slots, slot.starts_at)
        )
        return scheduling.near(freed, slot.starts_at, exact("taken"), brief=brief, now=now)
    is_booked = result is ActionResult.DONE
    booked = changed(state, chosen=slot, is_booked=is_booked, stage=Stage.CLOSING)
    act = "booked" if is_booked else "booking_unknown"
    line = exact(act, agent=slot.agent_name, when=_moment(slot.starts_at, brief))
    return Move(agent=AgentName.SCHEDULER, state=asking(booked, LAST), lines=(line,))


def _moment(at: datetime, brief: CallBrief) -> str:
    return spoken_moment(at, timezone=ZoneInfo(brief.timezone))
