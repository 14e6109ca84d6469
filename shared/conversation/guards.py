"""What is heard before any agent or model: stop, a machine, a wish not to be recorded, another language."""

from shared.conversation.brief import CallBrief
from shared.conversation.languages import answer_to_offer, is_foreign, meet_foreign
from shared.conversation.machines import hear_machine
from shared.conversation.moves import AgentName, Move
from shared.conversation.objections import off_the_record, opt_out
from shared.conversation.state import ConversationState, Stage
from shared.conversation.topics import SPANISH, ending, exact, prefixed
from shared.conversation.understanding import Act, Understood
from shared.conversation.understanding.languages import stops_in_spanish
from shared.conversation.understanding.must_hear import asks_for_no_more_calls
from shared.conversation.understanding.normal import plain

_MOST_TURNS = 30


def is_opt_out(text: str) -> bool:
    """Whether recognised words, final or not, ask not to be called again. Leans towards yes."""
    return asks_for_no_more_calls(plain(text)) or stops_in_spanish(text)


def guard(state: ConversationState, understood: Understood, brief: CallBrief) -> Move | None:
    """The move that a guard demands, or ``None`` when the turn may go on to its agent."""
    if understood.has(Act.OPT_OUT, Act.LEGAL_THREAT) or stops_in_spanish(understood.text):
        notes = {"alert": "threat"} if understood.has(Act.LEGAL_THREAT) else {}
        return opted_out(state) if state.opted_out else opt_out(state, understood.text, **notes)
    if state.stage is Stage.ENDED:
        return Move(agent=AgentName.CLOSER, state=state, ends_call=True)
    by_machine = hear_machine(state, understood, brief)
    if by_machine is not None and state.turn <= _MOST_TURNS:
        return by_machine
    move = _demanded(state, understood)
    return prefixed(move, (exact("robot"),)) if move is not None and understood.has(Act.ROBOT_QUESTION) else move


def _demanded(state: ConversationState, understood: Understood) -> Move | None:
    if state.turn > _MOST_TURNS:
        return ending(AgentName.CLOSER, state, exact("will_arrange"))
    if understood.has(Act.RECORDING_OBJECTION):
        return off_the_record(state, understood)
    if state.pending == SPANISH:
        return answer_to_offer(state, understood)
    return meet_foreign(state, understood) if is_foreign(state, understood) else None


def opted_out(state: ConversationState) -> Move:
    """The wish is already written down: only the end is left."""
    return Move(agent=AgentName.OBJECTIONS, state=state, ends_call=True)
