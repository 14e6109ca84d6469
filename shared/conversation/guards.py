"""What is heard before any agent or model: stop, a machine, a wish not to be recorded, another language."""

from shared.conversation.brief import CallBrief
from shared.conversation.machines import hear_machine
from shared.conversation.moves import AgentName, Move
from shared.conversation.objections import off_the_record, opt_out
from shared.conversation.state import ConversationState, Stage
from shared.conversation.topics import ending, exact
from shared.conversation.understanding import Act, Understood
from shared.conversation.understanding.must_hear import asks_for_no_more_calls
from shared.conversation.understanding.normal import plain

_MOST_TURNS = 30


def is_opt_out(text: str) -> bool:
    """Whether recognised words, final or not, ask not to be called again. Leans towards yes."""
    return asks_for_no_more_calls(plain(text))


def guard(state: ConversationState, understood: Understood, brief: CallBrief) -> Move | None:
    """The move that a guard demands, or ``None`` when the turn may go on to its agent."""
    if understood.has(Act.OPT_OUT, Act.LEGAL_THREAT):
        notes = {"alert": "threat"} if understood.has(Act.LEGAL_THREAT) else {}
        return opted_out(state) if state.opted_out else opt_out(state, understood.text, **notes)
    if state.stage is Stage.ENDED:
        return Move(agent=AgentName.CLOSER, state=state, ends_call=True)
    if state.turn > _MOST_TURNS:
        return ending(AgentName.CLOSER, state, exact("will_arrange"))
    by_machine = hear_machine(state, understood, brief)
    if by_machine is not None:
        return by_machine
    if understood.has(Act.RECORDING_OBJECTION):
        return off_the_record(state, understood)
    if understood.has(Act.OTHER_LANGUAGE):
        return ending(AgentName.OBJECTIONS, state, exact("language_end"), language_barrier=True)
    return None


def opted_out(state: ConversationState) -> Move:
    """The wish is already written down: only the end is left."""
    return Move(agent=AgentName.OBJECTIONS, state=state, ends_call=True)
