"""What the agents share: lines, the end of a call, and taking an interrupted topic up again."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from shared.conversation.brief import CallBrief
from shared.conversation.moves import AgentName, Line, Move
from shared.conversation.script import Script
from shared.conversation.spoken import spoken_moment
from shared.conversation.state import ConversationState, Stage

IDENTITY = "identity"
WRONG_NUMBER_CHECK = "wrong_number_check"
SCREENING = "screening"
HOLDING = "holding"
LISTENING = "listening"
SLOT = "slot"
CALLBACK = "callback_time"
SIGNED = "agent_signed"
LAST = "anything_else"
CANCEL = "cancel_check"
STILL_GOOD = "still_good"
SPANISH = "spanish_offer"
EAGER = "wants_appointment"
WAITED = "waited"


def exact(act: str, **values: str) -> Line:
    """A line that is spoken word for word from data."""
    return Line(act=act, values=values, is_exact=True)


def free(act: str, **values: str) -> Line:
    """A line that a model may put in its own words."""
    return Line(act=act, values=values)


def changed(state: ConversationState, **values: Any) -> ConversationState:
    """The state with these values; they are already of the right type."""
    return state.model_copy(update=values)


def asking(state: ConversationState, topic: str, **values: Any) -> ConversationState:
    """The state once the question about ``topic`` has been put, and waits for its answer."""
    counted = {**state.asked, topic: state.asked.get(topic, 0) + 1}
    return changed(state, pending=topic, asked=counted, resume=None, **values)


def asking_beside(state: ConversationState, topic: str, **values: Any) -> ConversationState:
    """As ``asking``; the question that waited so far waits behind it."""
    is_new = state.pending not in (None, topic)
    kept = (*state.interrupted, state.pending) if is_new and state.pending else state.interrupted
    return asking(state, topic, interrupted=kept, **values)


def popped(state: ConversationState) -> ConversationState:
    """The state with the question that was interrupted last waiting again, if there is one."""
    if not state.interrupted:
        return changed(state, pending=None, resume=None)
    return changed(state, pending=state.interrupted[-1], interrupted=state.interrupted[:-1], resume=None)


def ending(agent: AgentName, state: ConversationState, *lines: Line, **values: Any) -> Move:
    """Say this, then hang up."""
    over = changed(state, stage=Stage.ENDED, pending=None, resume=None, **values)
    return Move(agent=agent, state=over, lines=lines, ends_call=True)


def given_time(agent: AgentName, state: ConversationState) -> Move:
    """Wait for somebody who asked for a moment; how often is counted."""
    counted = {**state.asked, WAITED: state.asked.get(WAITED, 0) + 1}
    return Move(agent=agent, state=changed(state, asked=counted), lines=(exact("take_your_time"),))


def greeting_lines(brief: CallBrief) -> tuple[Line, ...]:
    """The sentence that follows the opening: whoever calls us hears what we know of them."""
    if brief.direction == "inbound":
        return (_greeting_of_caller(brief),)
    return (exact("greet" if brief.asked_at else "greet_undated"),)


def _greeting_of_caller(brief: CallBrief) -> Line:
    if not brief.first_name:
        return exact("greet_stranger")
    if brief.booked is not None:
        when = spoken_moment(brief.booked.starts_at, timezone=ZoneInfo(brief.timezone))
        return exact("greet_inbound_booked", agent=brief.booked.agent_name, when=when)
    if brief.promised_at is not None:
        return exact("greet_inbound_promised")
    if brief.spoken_at is not None:
        return exact("greet_inbound_again")
    return exact("greet_inbound_missed" if brief.missed_at else "greet_inbound")


def question_line(state: ConversationState, field: str, script: Script) -> Line:
    """The question about ``field``: as the script puts it first, more plainly when it was put before."""
    return free(f"clarify.{field}" if state.asked.get(field) and script.question(field) else f"ask.{field}")


def waits_for_answer(state: ConversationState, script: Script) -> bool:
    """Whether the question that waits is one of the script's."""
    return state.pending is not None and script.question(state.pending) is not None


def agent_name(state: ConversationState, brief: CallBrief) -> str:
    """Who the appointment is, or would be, with."""
    slot = state.chosen or next(iter(state.offered), None) or next(iter(brief.slots), None)
    return slot.agent_name if slot else "our agent"


def prefixed(move: Move, lines: tuple[Line, ...]) -> Move:
    """The move with ``lines`` said first; where it does something, they are said once that is done."""
    if not lines:
        return move
    if move.action is not None:
        owed = (*move.state.owed, *(line.act for line in lines if not line.values))
        return replace(move, state=changed(move.state, owed=owed))
    return Move(
        agent=move.agent,
        state=move.state,
        lines=(*lines, *move.lines),
        ends_call=move.ends_call,
        notes=move.notes,
    )
