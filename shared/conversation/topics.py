"""What the agents share: lines, the end of a call, and taking an interrupted topic up again."""

from typing import Any

from shared.conversation.brief import CallBrief
from shared.conversation.moves import AgentName, Line, Move
from shared.conversation.script import Script
from shared.conversation.state import ConversationState, Stage

IDENTITY = "identity"
WRONG_NUMBER_CHECK = "wrong_number_check"
SCREENING = "screening"
SLOT = "slot"
CALLBACK = "callback_time"
SIGNED = "agent_signed"
LAST = "anything_else"
EAGER = "wants_appointment"


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


def ending(agent: AgentName, state: ConversationState, *lines: Line, **values: Any) -> Move:
    """Say this, then hang up."""
    over = changed(state, stage=Stage.ENDED, pending=None, resume=None, **values)
    return Move(agent=agent, state=over, lines=lines, ends_call=True)


def greeting_lines(brief: CallBrief) -> tuple[Line, ...]:
    """The sentence that follows the opening."""
    if brief.direction == "inbound":
        return (exact("greet_inbound"),)
    return (exact("greet" if brief.asked_at else "greet_undated"),)


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
    """The move with ``lines`` said first; an action is left to speak for itself."""
    if not lines or move.action is not None:
        return move
    return Move(
        agent=move.agent,
        state=move.state,
        lines=(*lines, *move.lines),
        ends_call=move.ends_call,
        notes=move.notes,
    )
