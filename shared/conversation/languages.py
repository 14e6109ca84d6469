"""Somebody who speaks another language: told so in one sentence; in Spanish a call by a person is offered."""

from shared.conversation.moves import AgentName, Move
from shared.conversation.state import ConversationState
from shared.conversation.topics import SPANISH, asking_beside, changed, ending, exact, popped
from shared.conversation.understanding import Act, Understood
from shared.conversation.understanding import languages as spoken

_A_SENTENCE = 4
_IN_PASSING = 2
"""So few Spanish words of somebody who has told us things in English are a manner of speaking."""


def is_foreign(state: ConversationState, understood: Understood) -> bool:
    """Whether a turn says that we do not share a language."""
    is_in_passing = understood.has(Act.SPANISH) and len(understood.words.split()) <= _IN_PASSING and bool(state.facts)
    return understood.has(Act.OTHER_LANGUAGE) and not is_in_passing


def meet_foreign(state: ConversationState, understood: Understood) -> Move:
    """Say in one sentence that we speak English alone; whoever speaks Spanish is offered a call in Spanish."""
    if not understood.has(Act.SPANISH):
        return ending(AgentName.OBJECTIONS, state, exact("language_end"), language_barrier=True)
    if spoken.is_wrong_number_in_spanish(understood.text):
        return ending(AgentName.GREETER, state, exact("spanish_bye"), wrong_number=True, speaks=spoken.SPANISH)
    offered = asking_beside(
        state, SPANISH, speaks=spoken.SPANISH, language_barrier=True, wants_callback_in=spoken.SPANISH
    )
    return Move(agent=AgentName.OBJECTIONS, state=offered, lines=(exact("only_english"), exact("spanish_offer")))


def answer_to_offer(state: ConversationState, understood: Understood) -> Move:
    """What follows the offer: the promise, unless they want no call."""
    is_no = spoken.declines_in_spanish(understood.text) or understood.has(Act.NOT_INTERESTED, Act.POLITE_NO)
    if is_no:
        return ending(AgentName.OBJECTIONS, state, exact("spanish_bye"), wants_callback_in="")
    return promised_callback(state)


def promised_callback(state: ConversationState) -> Move:
    """Somebody who speaks their language will call; that is kept as data, and a person sees it."""
    return ending(AgentName.OBJECTIONS, state, exact("spanish_done"))


def again_in_english(state: ConversationState, understood: Understood) -> ConversationState:
    """The state once somebody who was taken for a speaker of Spanish goes on in English."""
    if state.pending != SPANISH or understood.has(Act.OTHER_LANGUAGE):
        return state
    is_sentence = len(understood.words.split()) >= _A_SENTENCE
    if not (is_sentence or understood.has(Act.IDENTITY)):
        return state
    return changed(popped(state), speaks="", language_barrier=False, wants_callback_in="")
