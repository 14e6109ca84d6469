"""The objections agent: answer truly, respect a no, and take the interrupted topic up again."""

from dataclasses import replace
from datetime import datetime

from shared.conversation import closing, greeting, qualification, scheduling
from shared.conversation.brief import CallBrief
from shared.conversation.callbacks import ask_callback, may_go_on
from shared.conversation.known import informed
from shared.conversation.moves import AgentName, Line, Move, RecordOptOut, StopRecording
from shared.conversation.offering import offered_again, spoken_standing
from shared.conversation.rescheduling import cancel, is_wish
from shared.conversation.routing import objection, side_questions, stage_agent
from shared.conversation.script import Script
from shared.conversation.state import ConversationState, Stage
from shared.conversation.topics import (
    CALLBACK,
    CANCEL,
    IDENTITY,
    LAST,
    SIGNED,
    SLOT,
    SPANISH,
    STILL_GOOD,
    asking_beside,
    changed,
    ending,
    exact,
    free,
    popped,
    prefixed,
    waits_for_answer,
)
from shared.conversation.understanding import Act, Understood

_ANSWERS = {
    Act.ROBOT_QUESTION: "robot",
    Act.EXCLUSION: "fair_housing_for_all",
    Act.FAIR_HOUSING: "fair_housing",
    Act.HOME_WORTH: "home_worth",
    Act.LEGAL_ADVICE: "legal_advice",
    Act.LOAN_ADVICE: "loan_advice",
    Act.WHO_ARE_YOU: "who",
    Act.COMMISSION: f"objection.{Act.COMMISSION}",
}
_MOST_ANSWERS = 2
_AGAIN = {
    SLOT: (AgentName.SCHEDULER, "what_time", "what_time_again"),
    CALLBACK: (AgentName.SCHEDULER, "callback_ask", "callback_again"),
    SIGNED: (AgentName.OBJECTIONS, "agent_signed", "signed_again"),
    LAST: (AgentName.CLOSER, "anything_else", "anything_more"),
    SPANISH: (AgentName.OBJECTIONS, "spanish_offer", "spanish_offer"),
    STILL_GOOD: (AgentName.SCHEDULER, "still_good", "still_good_again"),
}
"""Who puts an interrupted question again, how after silence, and how after something was said in between.

Every other one is about who answered the phone.
"""

_TOPIC_OF_STAGE = {
    Stage.GREETING: IDENTITY,
    Stage.QUALIFYING: IDENTITY,
    Stage.SCHEDULING: SLOT,
    Stage.CLOSING: LAST,
    Stage.ENDED: LAST,
}
_SAYS_WHO = (Act.YES, Act.IDENTITY, Act.WRONG_NUMBER, Act.MOVED_AWAY, Act.NOT_HERE, Act.HANDING_OVER)
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
    if understood.has(Act.HOW_GOT_NUMBER) and not brief.source:
        return _unknown_origin(state, understood)
    asked = [_answer(act, state, brief) for act in side_questions(understood)]
    answers = tuple([*asked, *(exact(f"knowledge.{topic}") for topic in understood.knowledge)][:_MOST_ANSWERS])
    if may_go_on(state, understood):
        return resume(popped(state), *(answers or (exact("as_i_asked"),)), brief=brief, script=script, now=now)
    raised = objection(state, understood)
    if raised is not None and raised in script.objections and not is_wish(state, understood):
        noted = state if raised in state.objections else changed(state, objections=(*state.objections, raised.value))
        return prefixed(_met(noted, raised, understood, brief=brief, script=script, now=now), answers)
    if _moves_on(state, understood):
        agent = AgentName.SCHEDULER if is_wish(state, understood) else stage_agent(state)
        return prefixed(_DECIDE[agent](state, understood, brief=brief, script=script, now=now), answers)
    return resume(state, *answers, brief=brief, script=script, now=now)


def resume(state: ConversationState, *lines: Line, brief: CallBrief, script: Script, now: datetime) -> Move:
    """Say ``lines``, then put the question that was interrupted once more; that does not count as asking again.

    Without lines it was silence that came between, and the same words do; otherwise it is taken up in other ones.
    """
    if state.pending is None and state.stage is Stage.QUALIFYING:
        return prefixed(qualification.go_on(state, brief=brief, script=script, now=now), lines)
    if state.pending == SLOT and (state.offered or state.doubt):
        again = offered_again(state, *lines, brief=brief, now=now)
        return replace(again, state=changed(state, offered=again.state.offered, stage=again.state.stage))
    if waits_for_answer(state, script):
        how = "again" if lines else "ask"
        return _put(AgentName.QUALIFIER, state, *lines, free(f"{how}.{state.pending}"))
    if state.pending == CANCEL and state.standing is not None:
        line = exact("cancel_check", **spoken_standing(state.standing.slot, brief))
        return _put(AgentName.SCHEDULER, state, *lines, line)
    topic = state.pending or _TOPIC_OF_STAGE[state.stage]
    agent, act, again_act = _AGAIN.get(topic, (AgentName.GREETER, "is_this", "is_this_again"))
    waits = changed(state, pending=IDENTITY if agent is AgentName.GREETER else topic)
    return _put(agent, waits, *lines, exact(again_act if lines else act))


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


def _answer(act: Act, state: ConversationState, brief: CallBrief) -> Line:
    """What is said to a question, from data."""
    if act is Act.HOW_GOT_NUMBER:
        return exact("how_got" if brief.asked_at else "how_got_undated")
    if act is Act.APPOINTMENT_QUESTION:
        if state.standing is None:
            return exact("no_appointment_yet")
        return exact("your_appointment", **spoken_standing(state.standing.slot, brief))
    return exact(_ANSWERS[act])


def _met(
    state: ConversationState,
    raised: Act,
    understood: Understood,
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
        return ask_callback(state, understood, reply, brief=brief, now=now)
    if entry.then == "signed":
        return _asked_signed(state, understood, reply)
    is_repeated = state.resume == raised.value or _was_raised_before(state, raised)
    if entry.then == "end" or (entry.then == "yield" and is_repeated):
        if entry.then == "end" and state.standing is not None:
            return cancel(informed(state, brief), raised)
        line = reply if entry.then == "end" else exact("will_arrange")
        return ending(
            AgentName.OBJECTIONS,
            state,
            line,
            not_interested=raised is Act.NOT_INTERESTED,
            disqualified_because=entry.disqualifies,
        )
    marked = _mark_raised(state, raised)
    return resume(marked, reply, brief=brief, script=script, now=now)


def _asked_signed(state: ConversationState, understood: Understood, reply: Line) -> Move:
    status = understood.told.get("agent_status")
    if status is not None and status.value in ("signed_agreement", "listed"):
        return qualification.has_agent(state)
    return _put(AgentName.OBJECTIONS, asking_beside(state, SIGNED), reply)


def _was_raised_before(state: ConversationState, raised: Act) -> bool:
    return state.asked.get(f"objection.{raised.value}", 0) > 0


def _mark_raised(state: ConversationState, raised: Act) -> ConversationState:
    key = f"objection.{raised.value}"
    return changed(state, asked={**state.asked, key: state.asked.get(key, 0) + 1})


def _moves_on(state: ConversationState, understood: Understood) -> bool:
    """Whether the turn also answers what was asked."""
    if is_wish(state, understood):
        return True
    if state.stage is Stage.GREETING and state.pending != CALLBACK:
        return understood.has(*_SAYS_WHO)
    if state.pending in (SLOT, CALLBACK):
        return bool(understood.choice or understood.when)
    if state.pending == LAST:
        return understood.has(Act.GOODBYE)
    if state.pending in (CANCEL, STILL_GOOD):
        return understood.has(Act.YES, Act.NO)
    told = "agent_status" if state.pending == SIGNED else state.pending
    return told is not None and told in understood.told


def _unknown_origin(state: ConversationState, understood: Understood) -> Move:
    """Where the request came from is not on record: apologise and never call again."""
    return opt_out(state, understood.text, alert="no record of the request")


def _put(agent: AgentName, state: ConversationState, *lines: Line) -> Move:
    return Move(agent=agent, state=state, lines=lines)
