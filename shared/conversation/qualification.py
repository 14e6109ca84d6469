"""The qualifier: a few questions, one at a time, each acknowledged."""

from datetime import datetime

from shared.conversation import closing, scheduling
from shared.conversation.acknowledging import acknowledged
from shared.conversation.brief import CallBrief
from shared.conversation.moves import AgentName, Line, Move
from shared.conversation.script import Question, Script
from shared.conversation.state import ConversationState, Stage
from shared.conversation.topics import (
    EAGER,
    SIGNED,
    asking,
    changed,
    ending,
    exact,
    free,
    given_time,
    popped,
    prefixed,
    question_line,
)
from shared.conversation.understanding import Act, Understood

_MOST_ASKED_SIGNED = 2
_SIGNED = frozenset({"signed_agreement", "listed"})


def decide(
    state: ConversationState, understood: Understood, *, brief: CallBrief, script: Script, now: datetime
) -> Move:
    """Acknowledge the answer and go on, or ask the same more plainly."""
    if understood.has(Act.WAIT) and not understood.told:
        return given_time(AgentName.QUALIFIER, state)
    if understood.has(Act.WANTS_APPOINTMENT) and not state.asked.get(EAGER):
        eager = changed(state, pending=None, asked={**state.asked, EAGER: 1})
        return prefixed(go_on(eager, brief=brief, script=script, now=now), (exact("as_i_asked"),))
    if state.pending == SIGNED:
        return _after_signed(state, understood, brief=brief, script=script, now=now)
    if state.pending is None or is_answered(state, understood):
        following = go_on(changed(state, pending=None), brief=brief, script=script, now=now)
        is_asking_on = following.agent is AgentName.QUALIFIER and not following.ends_call
        return acknowledged(following, understood, script) if is_asking_on and understood.told else following
    if understood.has(Act.DONT_KNOW) or state.asked.get(state.pending, 0) >= script.limits.repeats:
        return _give_up_on_question(state, understood, brief=brief, script=script, now=now)
    lines = () if understood.has(Act.REPEAT) else (exact("sorry"),)
    return ask(state, state.pending, script, *lines)


def go_on(state: ConversationState, *, brief: CallBrief, script: Script, now: datetime) -> Move:
    """The next question; when all is known, a time; when there is nothing to plan, a goodbye."""
    status = _value(state, "agent_status")
    if status in _SIGNED and "has_agent" in script.objections and script.objections[Act.HAS_AGENT].then == "signed":
        return has_agent(state)
    if status == "unclear":
        return Move(agent=AgentName.OBJECTIONS, state=asking(state, SIGNED), lines=(exact("agent_signed"),))
    for field, reasons in script.disqualified.items():
        if (reason := reasons.get(str(_value(state, field)))) is not None:
            return ending(AgentName.QUALIFIER, state, exact("not_qualified_end"), disqualified_because=reason)
    question = _next_question(state, script)
    if question is not None:
        return ask(changed(state, stage=Stage.QUALIFYING), question.field, script)
    if _value(state, "timeline") in script.nurture_timelines:
        return ending(AgentName.CLOSER, state, exact("nurture_end"))
    if state.chosen is not None:
        return closing.anything_else(state)
    return scheduling.offer(state, brief=brief, script=script, now=now)


def ask(state: ConversationState, field: str, script: Script, *lines: Line) -> Move:
    """Put the question about ``field``, after ``lines``."""
    question = question_line(state, field, script)
    return Move(agent=AgentName.QUALIFIER, state=asking(state, field), lines=(*lines, question))


def has_agent(state: ConversationState) -> Move:
    """An agreement with another agent stands: respect it and say goodbye."""
    return ending(AgentName.OBJECTIONS, state, exact("has_agent_end"), has_agent=True)


def is_answered(state: ConversationState, understood: Understood) -> bool:
    """Whether this turn answered the question that waits."""
    return state.pending is not None and state.pending in understood.told


def _after_signed(
    state: ConversationState, understood: Understood, *, brief: CallBrief, script: Script, now: datetime
) -> Move:
    """Only a clear no lets the call go on: in doubt another agent's client is left alone."""
    if _value(state, "agent_status") in ("informal", "none"):
        following = _back_to_topic(state, brief=brief, script=script, now=now)
        is_asking_on = following.agent is AgentName.QUALIFIER
        return acknowledged(following, understood, script) if is_asking_on else following
    if understood.is_empty and state.asked.get(SIGNED, 0) < _MOST_ASKED_SIGNED:
        return Move(agent=AgentName.OBJECTIONS, state=asking(state, SIGNED), lines=(exact("signed_again"),))
    return has_agent(state)


def _back_to_topic(state: ConversationState, *, brief: CallBrief, script: Script, now: datetime) -> Move:
    """The question that was interrupted, if it is still open, otherwise the next one."""
    back = popped(state)
    topic = back.pending
    if topic is not None and script.question(topic) is not None and topic not in state.facts:
        return Move(agent=AgentName.QUALIFIER, state=asking(back, topic), lines=(free(f"again.{topic}"),))
    return go_on(changed(back, pending=None), brief=brief, script=script, now=now)


def _give_up_on_question(
    state: ConversationState, understood: Understood, *, brief: CallBrief, script: Script, now: datetime
) -> Move:
    is_lost = not understood.has(Act.DONT_KNOW)
    missed = state.misunderstood + is_lost
    if missed >= script.limits.misunderstandings:
        return ending(AgentName.CLOSER, state, exact("lost_end"), misunderstood=missed)
    following = go_on(changed(state, pending=None, misunderstood=missed), brief=brief, script=script, now=now)
    is_asking_on = following.agent is AgentName.QUALIFIER and not following.ends_call
    return prefixed(following, (free("no_matter"),)) if is_asking_on else following


def _next_question(state: ConversationState, script: Script) -> Question | None:
    """The next one; once enough has been asked, or the person is eager to meet, only what is required."""
    open_questions = [question for question in script.questions if _is_open(question, state)]
    is_enough = sum(question.field in state.asked for question in script.questions) >= script.limits.questions
    if is_enough or state.asked.get(EAGER):
        open_questions = [question for question in open_questions if question.field in script.required]
    return next(iter(open_questions), None)


def _is_open(question: Question, state: ConversationState) -> bool:
    if question.field in state.facts or state.asked.get(question.field):
        return False
    return all(_value(state, field) in values for field, values in question.only_when.items())


def _value(state: ConversationState, field: str) -> object:
    fact = state.facts.get(field)
    return fact.value if fact else None
