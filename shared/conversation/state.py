"""Where a conversation stands: everything that must survive the process that holds it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from shared.conversation.brief import Message, OpenSlot
from shared.kernel.ids import AppointmentId


class Stage(StrEnum):
    """The part of the call we are in."""

    GREETING = "greeting"
    QUALIFYING = "qualifying"
    SCHEDULING = "scheduling"
    CLOSING = "closing"
    ENDED = "ended"


class Fact(Message):
    """One thing the person told us, with its evidence. ``value`` is a JSON value in the field's own unit."""

    field: str
    value: Any
    turn: int
    quote: str
    confidence: float = 1.0


class ConversationState(Message):
    """The whole state of one conversation.

    ``pending`` is the question that waits for its answer; ``resume`` the topic that an objection or a question
    interrupted; ``asked`` counts how often each question was put; ``human_turns`` those of the caller's turns that no
    machine would say; ``off_the_record`` means that they do not want to be recorded; ``mood`` is -1 (angry) to 1.
    """

    stage: Stage = Stage.GREETING
    turn: int = 0
    facts: dict[str, Fact] = Field(default_factory=dict)
    pending: str | None = None
    asked: dict[str, int] = Field(default_factory=dict)
    resume: str | None = None
    offered: tuple[OpenSlot, ...] = ()
    refused_slots: tuple[datetime, ...] = ()
    chosen: OpenSlot | None = None
    appointment_id: AppointmentId | None = None
    is_booked: bool = False
    objections: tuple[str, ...] = ()
    callback_at: datetime | None = None
    heard: str = "nobody"
    opted_out: bool = False
    opt_out_words: str = ""
    wrong_number: bool = False
    not_interested: bool = False
    has_agent: bool = False
    language_barrier: bool = False
    off_the_record: bool = False
    human_turns: int = 0
    wants_person: bool = False
    left_message: bool = False
    transferred_to: str | None = None
    disqualified_because: str | None = None
    misunderstood: int = 0
    mood: float = 0.0
