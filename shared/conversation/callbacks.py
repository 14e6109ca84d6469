"""A call back: the time is asked for, promised, and read back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shared.conversation.brief import CallBrief
from shared.conversation.moves import AgentName, Line, Move, PromiseCallback
from shared.conversation.state import ConversationState
from shared.conversation.topics import CALLBACK, asking_beside, changed, ending, exact
from shared.conversation.understanding import Act, Understood, When

_MOST_ASKED = 2


def ask_callback(
    state: ConversationState, understood: Understood, question: Line, *, brief: CallBrief, now: datetime
) -> Move:
    """Promise to call back at the time that was said, or ask for one with ``question``.

    When no time can be had, after two questions or before a goodbye, it is the same time tomorrow.
    """
    local_now = now.astimezone(ZoneInfo(brief.timezone))
    when = understood.when
    is_leaving = state.pending == CALLBACK and understood.has(Act.GOODBYE, Act.THANK)
    is_enough = is_leaving or (when is not None and (when.has_time or state.asked.get(CALLBACK, 0) > 0))
    if understood.has(Act.POLITE_NO, Act.NEITHER) and state.pending == CALLBACK and when is None:
        return ending(AgentName.SCHEDULER, state, exact("will_arrange"))
    if is_enough or state.asked.get(CALLBACK, 0) >= _MOST_ASKED:
        at = (when or When(first_day=local_now.date() + timedelta(days=1))).callback(local_now)
        utc = at.astimezone(now.tzinfo)
        return Move(
            agent=AgentName.SCHEDULER,
            state=changed(state, callback_at=utc),
            action=PromiseCallback(at=utc),
        )
    return Move(agent=AgentName.SCHEDULER, state=asking_beside(state, CALLBACK), lines=(question,))


def may_go_on(state: ConversationState, understood: Understood) -> bool:
    """Whether somebody who was to be called back has time after all."""
    is_time = understood.when is not None and understood.when.has_time
    return state.pending == CALLBACK and understood.has(Act.GO_ON) and not is_time and not state.wants_person
