"""The closer: the recap is said; answer a last word and say goodbye."""

from datetime import datetime

from shared.conversation.brief import CallBrief
from shared.conversation.moves import AgentName, Move
from shared.conversation.script import Script
from shared.conversation.state import ConversationState, Stage
from shared.conversation.topics import LAST, agent_name, asking, changed, ending, exact, free
from shared.conversation.understanding import Act, Understood

_MOST_ASKED = 3
_A_MESSAGE = 4


def decide(
    state: ConversationState, understood: Understood, *, brief: CallBrief, script: Script, now: datetime
) -> Move:
    """Let the person ask one thing more, pass it on, and end the call."""
    is_done = understood.has(Act.NO, Act.POLITE_NO, Act.GOODBYE, Act.THANK, Act.NOT_INTERESTED)
    if is_done or state.stage is not Stage.CLOSING or state.asked.get(LAST, 0) >= _MOST_ASKED:
        return ending(AgentName.CLOSER, state, free("goodbye"))
    if understood.has(Act.WAIT):
        return Move(agent=AgentName.CLOSER, state=asking(state, LAST), lines=(exact("take_your_time"),))
    if understood.has(Act.YES) and len(understood.words.split()) <= 2 and state.asked.get(LAST, 0) <= 1:
        return Move(agent=AgentName.CLOSER, state=asking(state, LAST), lines=(exact("go_ahead"),))
    if len(understood.words.split()) < _A_MESSAGE or understood.has(Act.YES):
        return ending(AgentName.CLOSER, state, free("goodbye"))
    passed_on = exact("pass_on", agent=agent_name(state, brief))
    return ending(AgentName.CLOSER, state, passed_on, free("goodbye"))


def anything_else(state: ConversationState) -> Move:
    """Ask once more whether there is anything else."""
    asked = asking(changed(state, stage=Stage.CLOSING), LAST)
    return Move(agent=AgentName.CLOSER, state=asked, lines=(exact("anything_else"),))
