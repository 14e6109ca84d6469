"""Where a conversation stands: everything that must survive the process that holds it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from shared.conversation.brief import Message, OpenSlot
from shared.conversation.understanding.when import When
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


class Standing(Message):
    """An appointment that stands. ``id`` is ``None`` where we were not told it."""

    slot: OpenSlot
    id: AppointmentId | None
    is_of_earlier: bool = False


class ConversationState(Message):
    """The whole state of one conversation.

    ``pending`` is the question that waits for its answer; ``resume`` the topic that an objection or a question
    interrupted; ``asked`` counts how often each question was put; ``human_turns`` those of the caller's turns that no
    machine would say; ``off_the_record`` means that they do not want to be recorded; ``mood`` is -1 (angry) to 1.

    ``interrupted`` are the questions that wait behind ``pending``, the latest last; ``owed`` are answers to be said
    with what follows the action under way. ``wished`` is the time that was asked for last, and ``doubt`` what about it
    is being asked: which of ``doubtful_days``, or which half of the day. ``standing`` is their appointment, made now or
    earlier; with ``is_moving`` another time is looked for in its place. ``cancelled`` is one that they gave up,
    ``is_cancelled`` once that is written. ``speaks`` is the language of somebody who does not speak ours, and
    ``wants_callback_in`` that in which a person is to call them back. ``acked`` is the act that acknowledged something
    last, at ``acked_turn``.
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
    interrupted: tuple[str, ...] = ()
    owed: tuple[str, ...] = ()
    wished: When | None = None
    doubt: str = ""
    doubtful_days: tuple[date, ...] = ()
    standing: Standing | None = None
    is_moving: bool = False
    moved_from: AppointmentId | None = None
    cancelled: Standing | None = None
    is_cancelled: bool = False
    speaks: str = ""
    wants_callback_in: str = ""
    acked: str = ""
    acked_turn: int = 0
    mood: float = 0.0
