"""Not a person, perhaps: machines told by their words, by their tones, and by the carrier's verdict."""

from enum import StrEnum

from shared.conversation.brief import CallBrief
from shared.conversation.moves import AgentName, Move
from shared.conversation.state import ConversationState, Stage
from shared.conversation.topics import (
    HOLDING,
    IDENTITY,
    LISTENING,
    SCREENING,
    asking,
    changed,
    ending,
    exact,
    greeting_lines,
)
from shared.conversation.understanding import Act, Understood
from shared.conversation.understanding.normal import plain
from shared.conversation.understanding.phrases import finders

HUMAN_TURNS = 2
"""After so many turns that no machine would say, no verdict and no tone makes a machine of a person."""
_MOST_SCREENED = 2
_MOST_HELD = 4
_MOST_GREETING = 6
_LONGEST_WONDER = 5

MACHINES = {Act.MAILBOX_FULL: "mailbox_full", Act.VOICEMAIL: "voicemail", Act.IVR: "ivr"}
"""What a machine says of itself, and what it then is; the first that is heard counts."""
_GREETING_OVER = frozenset({"machine_end_beep", "machine_end_silence", "machine_end_other"})


class Tone(StrEnum):
    """A tone on the caller's side of the line, once it is over or beyond doubt."""

    FAX = "fax"
    BEEP = "beep"


def hear_machine(state: ConversationState, understood: Understood, brief: CallBrief) -> Move | None:
    """The move that a machine's words demand; ``None`` when a person may have said them."""
    if understood.has(Act.SCREENING):
        return screened(state)
    if understood.has(Act.SCREENING_HOLD) and state.asked.get(SCREENING):
        return _held(state)
    if understood.has(Act.YES, Act.IDENTITY):
        return _picked_up(state, brief) if state.pending == LISTENING else None
    for act, heard in MACHINES.items():
        if understood.has(act):
            return machine(state, heard, brief)
    return _listen_on(state, understood, brief) if state.pending == LISTENING else None


def machine(state: ConversationState, heard: str, brief: CallBrief, *, is_over: bool = False) -> Move:
    """A machine answered: end without a word, or wait for its beep if the campaign leaves a message.

    ``is_over`` says that its greeting has been said.
    """
    if state.asked.get(SCREENING):
        return ending(AgentName.GREETER, state, heard="screening")
    if heard != "voicemail" or not brief.voicemail_text:
        return ending(AgentName.GREETER, state, heard=heard)
    return _message(state) if is_over else _listening(state)


def on_machine(state: ConversationState, verdict: str, brief: CallBrief) -> Move | None:
    """What the carrier's verdict on who answered demands: nothing, once a person or a screening assistant was heard.

    A verdict on the first words alone is doubtful, so we fall silent and listen: a screening assistant sounds like a
    voicemail, and so do some people.
    """
    if not may_be_machine(state, brief) or state.heard == "screening":
        return None
    if verdict == "fax":
        return ending(AgentName.GREETER, state, heard="fax")
    if verdict in _GREETING_OVER:
        return machine(state, "voicemail", brief, is_over=True)
    return _listening(state) if verdict.startswith("machine") and state.pending != LISTENING else None


def on_tone(state: ConversationState, tone: Tone, brief: CallBrief) -> Move | None:
    """What a tone demands: a fax is left alone, a beep ends the greeting of a voicemail."""
    if tone is Tone.FAX:
        is_doubtful = state.human_turns >= HUMAN_TURNS or state.stage is Stage.ENDED
        return None if is_doubtful else ending(AgentName.GREETER, state, heard="fax")
    if state.pending == LISTENING:
        return greeting_over(state, brief)
    if not may_be_machine(state, brief) or state.asked.get(SCREENING):
        return None
    return machine(state, "voicemail", brief, is_over=True)


def overheard(state: ConversationState, text: str, brief: CallBrief) -> Move | None:
    """Something was said while the opening still plays: a machine's greeting need not hear it to its end.

    A screening assistant is remembered as one, whatever the carrier takes it for; it is answered after the opening.
    """
    words = plain(text)
    guards = finders("guards")
    if brief.direction == "outbound":
        for act, heard in MACHINES.items():
            if guards[act].finds(words):
                return machine(state, heard, brief)
        if guards[Act.SCREENING].finds(words):
            return Move(agent=AgentName.GREETER, state=changed(state, heard="screening"))
        if guards[Act.SCREENING_HOLD].finds(words):
            return None
    counted = changed(state, human_turns=state.human_turns + 1)
    return Move(agent=AgentName.GREETER, state=counted)


def may_be_machine(state: ConversationState, brief: CallBrief) -> bool:
    """Whether it may still turn out that a machine answered; whoever calls us is a person."""
    is_early = state.stage is Stage.GREETING and state.human_turns < HUMAN_TURNS
    return is_early and brief.direction == "outbound" and brief.part == 0


def screened(state: ConversationState) -> Move:
    """A screening assistant asks: say who calls and why, in one sentence, then wait for the person."""
    times = state.asked.get(SCREENING, 0)
    waiting = asking(changed(state, heard="screening"), SCREENING)
    if times >= _MOST_SCREENED:
        return _held(waiting)
    return Move(agent=AgentName.GREETER, state=waiting, lines=(exact("screening"),))


def screening_silence(state: ConversationState) -> Move:
    """The assistant is away, asking the person: wait, up to a limit, and then go without a word."""
    return _held(state)


def greeting_over(state: ConversationState, brief: CallBrief) -> Move:
    """The machine has said its greeting, with a beep or into the silence: leave the message, if there is one."""
    return machine(state, "voicemail", brief, is_over=True)


def _held(state: ConversationState) -> Move:
    times = state.asked.get(HOLDING, 0) + 1
    if times >= _MOST_HELD:
        return ending(AgentName.GREETER, state)
    held = changed(state, pending=SCREENING, asked={**state.asked, HOLDING: times})
    return Move(agent=AgentName.GREETER, state=held)


def _listening(state: ConversationState) -> Move:
    return Move(agent=AgentName.GREETER, state=asking(changed(state, heard="voicemail"), LISTENING))


def _listen_on(state: ConversationState, understood: Understood, brief: CallBrief) -> Move:
    """Words that may be a greeting going on, unless somebody wonders again why nobody speaks."""
    is_short = len(understood.words.split()) <= _LONGEST_WONDER
    if is_short and state.human_turns >= HUMAN_TURNS:
        return _picked_up(state, brief)
    listening = _listening(state)
    is_endless = listening.state.asked[LISTENING] >= _MOST_GREETING
    return greeting_over(listening.state, brief) if is_endless else listening


def _picked_up(state: ConversationState, brief: CallBrief) -> Move:
    """It was a person after all: begin with the opening, which was cut short."""
    there = asking(changed(state, heard="human", human_turns=HUMAN_TURNS), IDENTITY)
    return Move(agent=AgentName.GREETER, state=there, lines=greeting_lines(brief), says_opening=True)


def _message(state: ConversationState) -> Move:
    over = changed(state, stage=Stage.ENDED, pending=None, heard="voicemail", left_message=True)
    return Move(agent=AgentName.GREETER, state=over, leaves_message=True, ends_call=True)
