"""The greeter: is this the person we mean to speak with?"""

from datetime import datetime

from shared.conversation import closing, qualification
from shared.conversation.brief import CallBrief, OpenSlot
from shared.conversation.callbacks import ask_callback
from shared.conversation.known import informed
from shared.conversation.moves import AgentName, Line, Move
from shared.conversation.offering import spoken_standing
from shared.conversation.script import Script
from shared.conversation.state import ConversationState, Stage
from shared.conversation.topics import (
    IDENTITY,
    LAST,
    SCREENING,
    STILL_GOOD,
    WRONG_NUMBER_CHECK,
    asking,
    changed,
    ending,
    exact,
    given_time,
    greeting_lines,
    prefixed,
)
from shared.conversation.understanding import Act, Understood

_MOST_ASKED = 3


def decide(
    state: ConversationState, understood: Understood, *, brief: CallBrief, script: Script, now: datetime
) -> Move:
    """Find out who answered: go on with the right person, let a wrong one go, ask when the right one can be reached."""
    if understood.has(Act.WRONG_NUMBER, Act.MOVED_AWAY):
        return wrong_number(state)
    if brief.direction == "inbound" and not brief.first_name:
        return identified(state, brief=brief, script=script, now=now)
    if state.pending == WRONG_NUMBER_CHECK and understood.has(Act.YES):
        return wrong_number(state)
    if understood.has(Act.HANDING_OVER):
        return Move(agent=AgentName.GREETER, state=changed(state, pending=SCREENING), lines=(exact("hold"),))
    if understood.has(Act.NOT_HERE) or (state.pending == WRONG_NUMBER_CHECK and understood.has(Act.NO)):
        return ask_callback(state, understood, exact("callback_reach"), brief=brief, now=now)
    if understood.has(Act.WAIT) and not understood.has(Act.YES, Act.IDENTITY):
        return given_time(AgentName.GREETER, state)
    if state.pending != SCREENING and _is_the_person(understood):
        return identified(state, brief=brief, script=script, now=now)
    if understood.has(Act.NO):
        return Move(
            agent=AgentName.GREETER, state=asking(state, WRONG_NUMBER_CHECK), lines=(exact("wrong_number_check"),)
        )
    return _ask_again(state, understood, brief=brief, script=script, now=now)


def identified(state: ConversationState, *, brief: CallBrief, script: Script, now: datetime) -> Move:
    """The right person answered: thank them and begin to ask."""
    qualifying = changed(informed(state, brief), stage=Stage.QUALIFYING, pending=None, heard="human")
    if qualifying.standing is not None:
        return _with_appointment(qualifying, qualifying.standing.slot, brief)
    following = qualification.go_on(qualifying, brief=brief, script=script, now=now)
    return prefixed(following, (exact("identified"),))


def _with_appointment(state: ConversationState, slot: OpenSlot, brief: CallBrief) -> Move:
    """Who calls with an appointment is asked what for; whom we call, whether it still suits them."""
    if brief.direction == "inbound":
        asked = asking(changed(state, stage=Stage.CLOSING), LAST)
        return Move(agent=AgentName.CLOSER, state=asked, lines=(exact("thanks"), exact("how_help")))
    read_back = exact("your_appointment", **spoken_standing(slot, brief))
    lines = (exact("thanks"), read_back, exact("still_good"))
    return Move(agent=AgentName.SCHEDULER, state=asking(state, STILL_GOOD), lines=lines)


def gone_on(state: ConversationState, *, brief: CallBrief, script: Script, now: datetime) -> Move:
    """The line broke and is back: go on with whoever was there, from what they told us."""
    back = changed(informed(state, brief), stage=Stage.QUALIFYING, pending=None, heard="human")
    if brief.booked is not None:
        return closing.anything_else(back)
    return qualification.go_on(back, brief=brief, script=script, now=now)


def wrong_number(state: ConversationState) -> Move:
    """Apologise, note it, let them go."""
    return ending(AgentName.GREETER, state, exact("wrong_number"), wrong_number=True)


def _is_the_person(understood: Understood) -> bool:
    return understood.has(Act.YES, Act.IDENTITY) or bool(understood.told and not understood.has(Act.NO))


def _ask_again(
    state: ConversationState, understood: Understood, *, brief: CallBrief, script: Script, now: datetime
) -> Move:
    times = state.asked.get(IDENTITY, 0)
    if times >= _MOST_ASKED:
        return ending(AgentName.GREETER, state, exact("lost_end"))
    is_first_reply = times <= 1 or state.pending == SCREENING
    if understood.has(Act.GREET, Act.REPEAT) or is_first_reply:
        lines: tuple[Line, ...] = greeting_lines(brief)
    else:
        lines = (exact("sorry"), exact("is_this"))
    is_new_here = state.pending == SCREENING
    return Move(agent=AgentName.GREETER, state=asking(state, IDENTITY), lines=lines, says_opening=is_new_here)
