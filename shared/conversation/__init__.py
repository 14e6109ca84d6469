"""The conversation itself: understanding, state, agents' decisions, score, brief and report."""

from shared.conversation.brief import CallBrief, KnownFact, OpenSlot
from shared.conversation.moves import (
    Action,
    ActionResult,
    AgentName,
    BookSlot,
    Line,
    Move,
    PromiseCallback,
    RecordOptOut,
    StopRecording,
)
from shared.conversation.report import CallReport, SpokenTurn
from shared.conversation.state import ConversationState, Fact, Stage

__all__ = [
    "Action",
    "ActionResult",
    "AgentName",
    "BookSlot",
    "CallBrief",
    "CallReport",
    "ConversationState",
    "Fact",
    "KnownFact",
    "Line",
    "Move",
    "OpenSlot",
    "PromiseCallback",
    "RecordOptOut",
    "SpokenTurn",
    "Stage",
    "StopRecording",
]
