"""One turn of the call: guards, understanding, route, decision. The one driver behind every road to a move."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.conversation import closing, greeting, machines, objections, qualification, scheduling
from shared.conversation.brief import CallBrief
from shared.conversation.guards import guard, opted_out
from shared.conversation.known import reminded
from shared.conversation.languages import again_in_english, promised_callback
from shared.conversation.moves import AgentName, Move
from shared.conversation.routing import route, sober
from shared.conversation.script import Script
from shared.conversation.script_answers import with_own_answers
from shared.conversation.state import ConversationState, Fact, Stage
from shared.conversation.topics import (
    IDENTITY,
    LAST,
    LISTENING,
    SCREENING,
    SIGNED,
    SPANISH,
    asking,
    changed,
    ending,
    exact,
    free,
)
from shared.conversation.topics import greeting_lines as _greeting_lines
from shared.conversation.understanding import Act, Understood
from shared.conversation.understanding.phrases import field_finders, finders
from shared.conversation.understanding.understand import ACT_FILES, understand

Decide = Callable[..., Move]

DECIDE: dict[AgentName, Decide] = {
    AgentName.GREETER: greeting.decide,
    AgentName.QUALIFIER: qualification.decide,
    AgentName.OBJECTIONS: objections.decide,
    AgentName.SCHEDULER: scheduling.decide,
    AgentName.CLOSER: closing.decide,
}
"""Each agent's decision: ``decide(state, understood, *, brief, script, now) -> Move``, free of side effects."""

WORDS_LEFT_OUT = "(words left out)"
_ABOUT_NOBODY = frozenset({"timeline", "price", "rent", "price_expectation", "bedrooms", "financing", "agent_status"})
_OPT_OUT_KEY = "9"
_SILENCES = 3
_SURELY_HUMAN = machines.HUMAN_TURNS
_OF_MACHINES = (Act.VOICEMAIL, Act.MAILBOX_FULL, Act.IVR, Act.SCREENING, Act.SCREENING_HOLD)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A turn once it is understood. ``state`` holds its facts; ``move`` is set when a guard has already decided."""

    state: ConversationState
    understood: Understood
    move: Move | None = None


def warm_up(script: Script) -> None:
    """Read every word list now, so that the first turn of the first call need not."""
    field_finders()
    for file in ACT_FILES:
        finders(file)
    _ = script.topics, script.variants, script.answers


def open_call(brief: CallBrief, script: Script, now: datetime, *, before: ConversationState | None = None) -> Move:
    """What follows the opening audio: what the person asked about, and whether it is them.

    A call that was connected again goes on with the person who had begun to answer. ``before`` is what was made out
    while the opening played.
    """
    state = reminded(before or ConversationState(), brief)
    if brief.goes_on and (brief.known or brief.booked is not None):
        return greeting.gone_on(state, brief=brief, script=script, now=now)
    return Move(agent=AgentName.GREETER, state=asking(state, IDENTITY), lines=_greeting_lines(brief))


def hear(state: ConversationState, text: str, *, brief: CallBrief, script: Script, now: datetime) -> Heard:
    """Understand a turn, keep its facts, ask the guards. What comes before ``route``."""
    understood = sober(understand(text, state=state, brief=brief, now=now, knowledge=script.topics))
    understood = with_own_answers(understood, script, pending=state.pending)
    is_human = bool(text.strip()) and not understood.has(*_OF_MACHINES)
    counted = changed(
        state,
        turn=state.turn + 1,
        heard="human" if is_human else state.heard,
        human_turns=state.human_turns + is_human,
    )
    counted = again_in_english(counted, understood)
    move = guard(counted, understood, brief)
    if move is None:
        counted = _absorbed(counted, understood)
    return Heard(state=counted, understood=understood, move=move)


def take_turn(state: ConversationState, text: str, *, brief: CallBrief, script: Script, now: datetime) -> Move:
    """The answer to what the caller just said."""
    heard = hear(state, text, brief=brief, script=script, now=now)
    if heard.move is not None:
        return heard.move
    agent = route(heard.state, heard.understood)
    return DECIDE[agent](heard.state, heard.understood, brief=brief, script=script, now=now)


def on_silence(state: ConversationState, count: int, *, brief: CallBrief, script: Script, now: datetime) -> Move:
    """The caller has said nothing, for the ``count``-th time in a row: ask again, check, say goodbye."""
    if state.stage is Stage.ENDED:
        return Move(agent=AgentName.CLOSER, state=state, ends_call=True)
    if state.pending == LAST:
        return ending(AgentName.CLOSER, state, free("goodbye"))
    if state.pending == LISTENING:
        return machines.greeting_over(state, brief)
    if state.pending == SPANISH:
        return promised_callback(state)
    if state.pending == SCREENING and (state.heard == "screening" or count < _SILENCES):
        return machines.screening_silence(state)
    if count >= _SILENCES:
        is_nobody = state.heard == "nobody" or (state.stage is Stage.GREETING and state.human_turns < _SURELY_HUMAN)
        heard = "silence" if is_nobody else state.heard
        return ending(AgentName.CLOSER, state, exact("silence_end"), heard=heard)
    if count > 1:
        return Move(agent=AgentName.CLOSER, state=state, lines=(exact("still_there"),))
    return objections.resume(state, brief=brief, script=script, now=now)


def on_key(state: ConversationState, digit: str, *, brief: CallBrief, script: Script, now: datetime) -> Move | None:
    """What a pressed key means: 9 is an opt-out at any time, every other key nothing (``None``)."""
    if digit != _OPT_OUT_KEY:
        return None
    return opted_out(state) if state.opted_out else objections.opt_out(state, f"pressed {_OPT_OUT_KEY}")


def _absorbed(state: ConversationState, understood: Understood) -> ConversationState:
    """The state with the turn's facts. A plainer or asked-for reading replaces an earlier one, or a past talk's.

    Of words about who should live somewhere nothing is kept but what has nothing to do with people, without the words.
    """
    facts = dict(state.facts)
    is_about_people = understood.has(Act.FAIR_HOUSING, Act.EXCLUSION)
    for name, told in understood.told.items():
        if is_about_people and name not in _ABOUT_NOBODY:
            continue
        field = "agent_status" if name == SIGNED else name
        known = facts.get(field)
        is_news = known is None or known.turn == 0 or told.confidence > known.confidence
        if is_news or state.pending == name:
            facts[field] = Fact(
                field=field,
                value=told.value,
                turn=state.turn,
                quote=WORDS_LEFT_OUT if is_about_people else understood.text,
                confidence=told.confidence,
            )
    return changed(state, facts=facts)
