"""The objections agent: answer truly, respect a no, and take the interrupted topic up again."""

from datetime import datetime

from shared.conversation import closing, greeting, qualification, scheduling
from shared.conversation.brief import CallBrief
from shared.conversation.moves import AgentName, Line, Move, RecordOptOut, StopRecording
from shared.conversation.routing import objection, side_questions, stage_agent
from shared.conversation.script import Script
from shared.conversation.state import ConversationState, Stage
from shared.conversation.topics import (
    CALLBACK,
    IDENTITY,
    LAST,
    SIGNED,
    SLOT,
    asking,
    changed,
    ending,
    exact,
    free,
    prefixed,
    waits_for_answer,
)
from shared.conversation.understanding import Act, Understood

_ANSWERS = {
    Act.ROBOT_QUESTION: "robot",
    Act.FAIR_HOUSING: "fair_housing",
    Act.HOME_WORTH: "home_worth",
    Act.LEGAL_ADVICE: "legal_advice",
    Act.LOAN_ADVICE: "loan_advice",
    Act.WHO_ARE_YOU: "who",
    Act.HOW_GOT_NUMBER: "how_got",
    Act.COMMISSION: f"objection.{Act.COMMISSION}",
}
_AGAIN = {
    SLOT: (AgentName.SCHEDULER, "what_time"),
    CALLBACK: (AgentName.SCHEDULER, "callback_ask"),
    SIGNED: (AgentName.OBJECTIONS, "agent_signed"),
    LAST: (AgentName.CLOSER, "anything_else"),
}
"""Who puts an interrupted question again, and how; every other one is about who answered the phone."""

_TOPIC_OF_STAGE = {
    Stage.GREETING: IDENTITY,
    Stage.QUALIFYING: IDENTITY,
    Stage.SCHEDULING: SLOT,
    Stage.CLOSING: LAST,
    Stage.ENDED: LAST,
}
_DECIDE = {
    AgentName.GREETER: greeting.decide,
    AgentName.QUALIFIER: qualification.decide,
    AgentName.SCHEDULER: scheduling.decide,
    AgentName.CLOSER: closing.decide,
}


def decide(
    state: ConversationState, understood: Understood, *, brief: CallBrief, script: Script, now: datetime
) -> Move:
    """Meet the objection or answer the questions, then go on where the call was interrupted."""
    if understood.has(Act.HOW_GOT_NUMBER) and not (brief.asked_at and brief.source):
        return _unknown_origin(state, understood)
    asked = [_ANSWERS[act] for act in side_questions(understood)]
    answers = tuple(exact(act) for act in (*asked, *(f"knowledge.{topic}" for topic in understood.knowledge))[:2])
    raised = objection(state, understood)
    if raised is not None and raised in script.objections:
        noted = state if raised in state.objections else changed(state, objections=(*state.objections, raised.value))
        return _met(noted, raised, understood, answers, brief=brief, script=script, now=now)
    if _moves_on(state, understood):
        onward = _DECIDE[stage_agent(state)](state, understood, brief=brief, script=script, now=now)
        return prefixed(onward, answers)
    return resume(state, *answers, brief=brief, script=script, now=now)


def resume(state: ConversationState, *lines: Line, brief: CallBrief, script: Script, now: datetime) -> Move:
    """Say ``lines``, then put the question that was interrupted once more; that does not count as asking again."""
    if state.pending is None and state.stage is Stage.QUALIFYING:
        return prefixed(qualification.go_on(state, brief=brief, script=script, now=now), lines)
    if state.pending == SLOT and state.offered:
        again = scheduling.offer(state, *lines, brief=brief, script=script, now=now, again=True)
        return Move(agent=again.agent, state=changed(again.state, asked=state.asked), lines=again.lines)
    if waits_for_answer(state, script):
        return _put(AgentName.QUALIFIER, state, *lines, free(f"ask.{state.pending}"))
    topic = state.pending or _TOPIC_OF_STAGE[state.stage]
    agent, act = _AGAIN.get(topic, (AgentName.GREETER, "is_this"))
    return _put(agent, changed(state, pending=IDENTITY if agent is AgentName.GREETER else topic), *lines, exact(act))


def opt_out(state: ConversationState, words: str, **notes: object) -> Move:
    """Write the wish down before anything is said; whatever the result, the call ends."""
    over = changed(state, stage=Stage.ENDED, pending=None, opted_out=True, opt_out_words=words)
    return Move(agent=AgentName.OBJECTIONS, state=over, action=RecordOptOut(words=words), notes=dict(notes))


def off_the_record(state: ConversationState, understood: Understood) -> Move:
    """Stop recording before anything is said; the call goes on unless the person takes their leave as well."""
    leaves = understood.has(Act.GOODBYE, Act.NOT_INTERESTED)
    noted = changed(
        state, off_the_record=True, not_interested=state.not_interested or understood.has(Act.NOT_INTERESTED)
    )
    return Move(agent=AgentName.OBJECTIONS, state=noted, action=StopRecording(ends_call=leaves))


def _met(
    state: ConversationState,
    raised: Act,
    understood: Understood,
    answers: tuple[Line, ...],
    *,
    brief: CallBrief,
    script: Script,
    now: datetime,
) -> Move:
    entry = script.objections[raised]
    reply = exact(f"objection.{raised.value}")
    if raised is Act.WANTS_PERSON:
        state = changed(state, wants_person=True)
        if brief.transfer_to is not None:
            return ending(AgentName.OBJECTIONS, state, exact("connecting"), transferred_to=brief.transfer_to)
    if entry.then == "callback":
        return scheduling.ask_callback(state, understood, reply, brief=brief, script=script, now=now)
    if entry.then == "signed":
        return _asked_signed(state, understood, reply)
    is_repeated = state.resume == raised.value or _was_raised_before(state, raised)
    if entry.then == "end" or (entry.then == "yield" and is_repeated):
        line = reply if entry.then == "end" else exact("will_arrange")
        return ending(
            AgentName.OBJECTIONS,
            state,
            line,
            not_interested=raised is Act.NOT_INTERESTED,
            disqualified_because=entry.disqualifies,
        )
    marked = _mark_raised(state, raised)
    return resume(marked, *answers, reply, brief=brief, script=script, now=now)


def _asked_signed(state: ConversationState, understood: Understood, reply: Line) -> Move:
    status = understood.told.get("agent_status")
    if status is not None and status.value in ("signed_agreement", "listed"):
        return qualification.has_agent(state)
    return _put(AgentName.OBJECTIONS, changed(asking(state, SIGNED), resume=state.pending), reply)


def _was_raised_before(state: ConversationState, raised: Act) -> bool:
    return state.asked.get(f"objection.{raised.value}", 0) > 0


def _mark_raised(state: ConversationState, raised: Act) -> ConversationState:
    key = f"objection.{raised.value}"
    return changed(state, asked={**state.asked, key: state.asked.get(key, 0) + 1})


def _moves_on(state: ConversationState, understood: Understood) -> bool:
    """Whether the turn also answers what was asked."""
    if state.stage is Stage.GREETING:
        return understood.has(Act.YES, Act.IDENTITY, Act.WRONG_NUMBER)
    return bool(understood.choice or (state.pending and state.pending in understood.told))


def _unknown_origin(state: ConversationState, understood: Understood) -> Move:
    """Where the request came from is not on record: apologise and never call again."""
    return opt_out(state, understood.text, alert="no record of the request")


def _put(agent: AgentName, state: ConversationState, *lines: Line) -> Move:
    return Move(agent=agent, state=state, lines=lines)
