"""Which agent a turn belongs to."""

from dataclasses import replace

from shared.conversation import callbacks, rescheduling
from shared.conversation.moves import AgentName
from shared.conversation.state import ConversationState, Stage
from shared.conversation.topics import CALLBACK, CANCEL, LAST, SIGNED, SLOT, STILL_GOOD, WAITED
from shared.conversation.understanding import Act, Understood

SIDE_QUESTIONS = (
    Act.ROBOT_QUESTION,
    Act.EXCLUSION,
    Act.FAIR_HOUSING,
    Act.HOME_WORTH,
    Act.LEGAL_ADVICE,
    Act.LOAN_ADVICE,
    Act.HOW_GOT_NUMBER,
    Act.WHO_ARE_YOU,
    Act.COMMISSION,
    Act.APPOINTMENT_QUESTION,
)
"""Questions that are answered before the call goes on where it was, in the order they are answered."""

OBJECTIONS = (
    Act.ALREADY_DONE,
    Act.NOT_INTERESTED,
    Act.HAS_AGENT,
    Act.WANTS_PERSON,
    Act.CALL_LATER,
    Act.BUSY,
    Act.SEND_WRITTEN,
    Act.THINK_ABOUT_IT,
    Act.JUST_LOOKING,
)
"""Objections, the weightiest first."""

_WISHES = (Act.GO_ON, Act.RESCHEDULE, Act.CANCEL_APPOINTMENT)
_A_GUESS = 0.5
"""The confidence of words that are taken for an answer because something was asked."""
_ENDS_ANYWAY = frozenset({CALLBACK, LAST})
"""The questions that are not put again for ever, whatever is answered."""
_MOST_WAITED = 3
"""So often we wait for somebody; then it is a bad time, whatever they say."""
_NOT_AT_THE_END = frozenset({Act.NOT_INTERESTED, Act.JUST_LOOKING, Act.BUSY, Act.THINK_ABOUT_IT, Act.SEND_WRITTEN})
_ANSWERS_NO = frozenset(
    {"agent_status", "decision_makers", "financing", SIGNED, SLOT, LAST, CALLBACK, CANCEL, STILL_GOOD}
)


def sober(understood: Understood) -> Understood:
    """The turn without what was only guessed to be an answer, where it is something else that they want."""
    if not (understood.knowledge or understood.has(*SIDE_QUESTIONS, *OBJECTIONS, *_WISHES)):
        return understood
    told = {name: each for name, each in understood.told.items() if each.confidence > _A_GUESS}
    return replace(understood, told=told)


def route(state: ConversationState, understood: Understood) -> AgentName:
    """The agent that answers this turn."""
    if side_questions(understood) or understood.knowledge or callbacks.may_go_on(state, understood):
        return AgentName.OBJECTIONS
    if rescheduling.is_wish(state, understood):
        return AgentName.SCHEDULER
    if objection(state, understood) is not None:
        return AgentName.OBJECTIONS
    if is_leaving(state, understood):
        return AgentName.CLOSER
    return stage_agent(state)


def stage_agent(state: ConversationState) -> AgentName:
    """The agent that the stage of the call belongs to."""
    if state.pending in (SLOT, CALLBACK, CANCEL, STILL_GOOD):
        return AgentName.SCHEDULER
    if state.stage is Stage.GREETING:
        return AgentName.GREETER
    if state.stage is Stage.QUALIFYING or state.pending == SIGNED:
        return AgentName.QUALIFIER
    return AgentName.SCHEDULER if state.stage is Stage.SCHEDULING else AgentName.CLOSER


def objection(state: ConversationState, understood: Understood) -> Act | None:
    """The weightiest objection of the turn, unless it is really an answer to what was asked."""
    if understood.has(Act.FAIR_HOUSING, Act.EXCLUSION):
        return None
    if understood.has(Act.WAIT) and state.asked.get(WAITED, 0) >= _MOST_WAITED and state.pending not in _ENDS_ANYWAY:
        return Act.BUSY
    is_no = understood.has(Act.POLITE_NO) and not understood.has(Act.YES, Act.IDENTITY)
    if is_no and state.pending not in _ANSWERS_NO and not understood.told:
        return Act.NOT_INTERESTED
    for act in OBJECTIONS:
        if act in understood.acts and not _is_answer(act, state, understood):
            return act
    return None


def side_questions(understood: Understood) -> tuple[Act, ...]:
    """The questions of the turn that have an answer of their own."""
    asked = [act for act in SIDE_QUESTIONS if act in understood.acts]
    if Act.EXCLUSION in asked and Act.FAIR_HOUSING in asked:
        asked.remove(Act.FAIR_HOUSING)
    return tuple(asked)


def is_leaving(state: ConversationState, understood: Understood) -> bool:
    """Whether the caller is saying goodbye rather than answering."""
    is_answering = understood.told or understood.choice or understood.when or understood.has(Act.YES)
    return understood.has(Act.GOODBYE) and not is_answering and state.pending not in (LAST, CALLBACK, CANCEL)


def _is_answer(act: Act, state: ConversationState, understood: Understood) -> bool:
    """Whether words that sound like an objection answer the question that waits, or come with the goodbye."""
    if state.pending == LAST or state.stage in (Stage.CLOSING, Stage.ENDED):
        return act in _NOT_AT_THE_END or act in (Act.HAS_AGENT, Act.CALL_LATER, Act.ALREADY_DONE)
    if understood.choice is not None or state.pending == CANCEL:
        return act is not Act.WANTS_PERSON
    if state.pending == CALLBACK:
        return act in (Act.BUSY, Act.CALL_LATER, Act.WANTS_PERSON, Act.THINK_ABOUT_IT)
    if state.pending == SLOT:
        is_of_time = understood.when is not None or (act is Act.CALL_LATER and "call" not in understood.words.split())
        return act is Act.JUST_LOOKING or (act in (Act.BUSY, Act.CALL_LATER) and is_of_time)
    if state.pending == SIGNED or (state.pending == "agent_status" and "agent_status" in understood.told):
        return act is Act.HAS_AGENT
    answered = state.pending is not None and state.pending in understood.told
    return answered and act not in (Act.NOT_INTERESTED, Act.ALREADY_DONE, Act.CALL_LATER, Act.HAS_AGENT)
