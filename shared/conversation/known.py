"""What is known of the person before they say a word in this call."""

from shared.conversation.brief import CallBrief
from shared.conversation.state import ConversationState, Fact, Standing
from shared.conversation.topics import changed


def informed(state: ConversationState, brief: CallBrief) -> ConversationState:
    """The state with what the person told us earlier, and with their appointment as one that was chosen."""
    earlier = {
        fact.field: Fact(field=fact.field, value=fact.value, turn=0, quote=fact.quote, confidence=fact.confidence)
        for fact in brief.known
    }
    known = changed(reminded(state, brief), facts={**earlier, **state.facts})
    if brief.booked is None or known.cancelled is not None or known.chosen is not None:
        return known
    return changed(known, chosen=brief.booked, is_booked=True)


def reminded(state: ConversationState, brief: CallBrief) -> ConversationState:
    """The state with the appointment that stands, whoever has answered."""
    if brief.booked is None or state.standing is not None or state.cancelled is not None:
        return state
    return changed(state, standing=Standing(slot=brief.booked, id=brief.booked_id, is_of_earlier=True))
