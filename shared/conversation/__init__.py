"""The conversation itself: understanding, state, agents' decisions, score, brief and report."""

from shared.conversation.brief import CallBrief, KnownFact, OpenSlot
from shared.conversation.moves import (
    Action,
    ActionResult,
    AgentName,
    BookSlot,
    CancelAppointment,
    Line,
    Move,
    MoveAppointment,
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
    "CancelAppointment",
    "ConversationState",
    "Fact",
    "KnownFact",
    "Line",
    "Move",
    "MoveAppointment",
    "OpenSlot",
    "PromiseCallback",
    "RecordOptOut",
    "SpokenTurn",
    "Stage",
    "StopRecording",
]
