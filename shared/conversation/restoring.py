"""Going on with a call in another part of it: the next sensible sentence, and nothing that was settled before."""

from datetime import datetime

from shared.conversation import objections, scheduling
from shared.conversation.brief import CallBrief
from shared.conversation.moves import Action, AgentName, BookSlot, Move, MoveAppointment
from shared.conversation.script import Script
from shared.conversation.state import ConversationState, Stage
from shared.conversation.topics import (
    HOLDING,
    IDENTITY,
    LISTENING,
    SCREENING,
    SLOT,
    WRONG_NUMBER_CHECK,
    asking,
    changed,
    ending,
    exact,
    free,
    greeting_lines,
    waits_for_answer,
)
from shared.conversation.turn import hear
from shared.conversation.understanding import Act

_NOBODY_YET = frozenset({LISTENING, HOLDING, SCREENING})


def restored(state: ConversationState, brief: CallBrief) -> ConversationState:
    """The state of an earlier part as this one begins with it.

    Turns are counted anew, as the transcript does; facts cite turn 0, as those of any earlier talk. Of what was
    offered only what is still free is on offer.
    """
    free_now = {(slot.agent_id, slot.starts_at) for slot in brief.slots}
    return changed(
        state,
        turn=0,
        facts={name: fact.model_copy(update={"turn": 0}) for name, fact in state.facts.items()},
        offered=tuple(slot for slot in state.offered if (slot.agent_id, slot.starts_at) in free_now),
    )


def is_done(action: Action, brief: CallBrief) -> bool:
    """Whether what was begun before the line broke is known to be done: the booking is in the calendar."""
    if not isinstance(action, BookSlot | MoveAppointment) or brief.booked is None:
        return False
    return (action.slot.agent_id, action.slot.starts_at) == (brief.booked.agent_id, brief.booked.starts_at)


def go_on(state: ConversationState, *, brief: CallBrief, script: Script, now: datetime) -> Move:
    """What follows the first words of a later part: the question that waits, put again.

    Args:
        state: As ``restored`` gives it.
        brief: The later part's brief.
        script: The call's script.
        now: The present moment, aware.
    """
    if state.stage is Stage.ENDED:
        return _leave(state)
    if state.pending == WRONG_NUMBER_CHECK:
        return Move(agent=AgentName.GREETER, state=state, lines=(exact("wrong_number_check"),))
    if state.pending in _NOBODY_YET or (state.stage is Stage.GREETING and state.pending in (None, IDENTITY)):
        asked = state if state.pending == IDENTITY else asking(state, IDENTITY)
        return Move(agent=AgentName.GREETER, state=asked, lines=greeting_lines(brief))
    if state.pending == SLOT and not state.offered and not state.refused_slots:
        return scheduling.offer(state, brief=brief, script=script, now=now)
    return objections.resume(state, brief=brief, script=script, now=now)


def reopened(
    back: Move, early_words: str, *, brief: CallBrief, script: Script, now: datetime
) -> ConversationState | None:
    """The state once words that came during the first ones are heard, if they are no more than a hello.

    They are not taken for an answer to a question that was not put again yet; ``None`` when they say something.
    """
    heard = hear(back.state, early_words, brief=brief, script=script, now=now)
    means_nothing = {Act.GREET} | ({Act.YES} if waits_for_answer(back.state, script) else set())
    understood = heard.understood
    if heard.move is not None or understood.told or understood.knowledge or understood.choice or understood.when:
        return None
    if not understood.acts <= means_nothing:
        return None
    return heard.state


def _leave(state: ConversationState) -> Move:
    """The goodbye was decided before the line broke; whoever asked us to stop hears nothing more."""
    if state.opted_out:
        return Move(agent=AgentName.CLOSER, state=state, ends_call=True)
    return ending(AgentName.CLOSER, state, free("goodbye"))
