"""What an agent of the conversation decides in one turn: lines to say, a new state, perhaps an action."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.conversation.brief import OpenSlot
from shared.conversation.state import ConversationState
from shared.kernel.ids import AppointmentId


class AgentName(StrEnum):
    """The agents a turn can be routed to."""

    GREETER = "greeter"
    QUALIFIER = "qualifier"
    OBJECTIONS = "objections"
    SCHEDULER = "scheduler"
    CLOSER = "closer"


@dataclass(frozen=True, kw_only=True)
class Line:
    """Something to say, by meaning. ``act`` names a phrase of the script or phrase book, filled with ``values``.

    ``is_exact`` lines carry dates, money or duties and are spoken from data word for word, never by a model.
    """

    act: str
    values: dict[str, str] = field(default_factory=dict)
    is_exact: bool = False


@dataclass(frozen=True, kw_only=True)
class BookSlot:
    """Book this slot now; the reply depends on whether it could be."""

    slot: OpenSlot


@dataclass(frozen=True, kw_only=True)
class MoveAppointment:
    """Book this slot in place of an appointment, which stands until that is done. ``None``: its id is not known."""

    slot: OpenSlot
    instead_of: AppointmentId | None


@dataclass(frozen=True, kw_only=True)
class CancelAppointment:
    """Cancel this appointment. ``None``: its id is not known. ``farewell`` is the act of the goodbye that follows."""

    slot: OpenSlot
    appointment_id: AppointmentId | None
    farewell: str = ""


@dataclass(frozen=True, kw_only=True)
class RecordOptOut:
    """Suppress the number now, before anything is confirmed. ``words`` is what the person said or pressed."""

    words: str


@dataclass(frozen=True, kw_only=True)
class PromiseCallback:
    """Remember that the person is to be called back at ``at`` (aware UTC)."""

    at: datetime


@dataclass(frozen=True, kw_only=True)
class StopRecording:
    """Record no more and delete what was recorded, now. ``ends_call`` when the person wants to leave as well."""

    ends_call: bool = False


Action = BookSlot | MoveAppointment | CancelAppointment | RecordOptOut | PromiseCallback | StopRecording


class ActionResult(StrEnum):
    """How an action went. ``unknown`` means that it could not be written now and is kept for later."""

    DONE = "done"
    TAKEN = "taken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Move:
    """The answer to one turn. With an ``action``, ``after_action`` of the room gives the lines once it is done.

    ``ends_call`` hangs up when the lines have been heard. ``says_opening`` says the opening first, to somebody who has
    not heard it; ``leaves_message`` says the brief's message for voicemails.
    """

    agent: AgentName
    state: ConversationState
    lines: tuple[Line, ...] = ()
    action: Action | None = None
    ends_call: bool = False
    says_opening: bool = False
    leaves_message: bool = False
    notes: dict[str, Any] = field(default_factory=dict)
