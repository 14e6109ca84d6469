"""How a call went, as the voice node tells it: written once, whatever happened between."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from shared.conversation.brief import Message
from shared.conversation.voice_tier import TierDecision
from shared.costs import Component, Unit
from shared.kernel.ids import AgentId, AppointmentId, AttemptId

HeardAs = Literal["human", "voicemail", "mailbox_full", "ivr", "screening", "fax", "silence", "nobody"]
EndedBy = Literal["agent", "caller", "carrier", "error"]


class SpokenTurn(Message):
    """One utterance. ``interrupted`` means that the words after the last heard one are left out of ``text``.

    Times are seconds since the stream began. ``latency_ms`` is, for an agent's turn, from the decision that the
    caller's turn had ended to the first audio on the wire.
    """

    number: int
    speaker: Literal["agent", "caller"]
    text: str
    started: float
    ended: float
    interrupted: bool = False
    latency_ms: float | None = None


class ReportedFact(Message):
    """Something the person said, with the words it was read from."""

    field: str
    value: Any
    turn: int
    quote: str
    confidence: float


class ReportedUsage(Message):
    """So much of something the call used, for pricing."""

    component: Component
    vendor: str
    quantity: Decimal
    unit: Unit


class ReportedAppointment(Message):
    """A time the person agreed to. ``is_booked`` is false when only a confirmation could be promised.

    ``instead_of`` is the appointment that it was moved from.
    """

    id: AppointmentId
    agent_id: AgentId
    starts_at: datetime
    ends_at: datetime
    timezone: str
    is_booked: bool
    instead_of: AppointmentId | None = None


class CancelledAppointment(Message):
    """An appointment the person gave up. ``is_done`` is false when that could only be promised.

    ``id`` is ``None`` where the call was not told it.
    """

    id: AppointmentId | None
    agent_id: AgentId
    starts_at: datetime
    ends_at: datetime
    timezone: str
    is_done: bool


class ScoreEvidence(Message):
    """What a part of a score rests on: a fact, the turn it was told in (0 for an earlier talk), and the words."""

    field: str
    turn: int
    quote: str


class ScoreReason(Message):
    """One part of a score: its points out of the most it could have, why, and what that rests on."""

    name: str
    points: int
    most: int
    why: str
    evidence: tuple[ScoreEvidence, ...] = ()


class SpokenVersions(Message):
    """What a call was held with; ``prompt`` is such as ``reply-3``, and empty where no model was asked."""

    prompt: str = ""
    model: str = ""
    voice: str = ""


class CallReport(Message):
    """The whole call, or one part of it: a call that was connected again has one for each stream, from 0.

    ``script_fingerprint`` changes with any word of the script: the project's own may change with a release.
    ``score`` is 0 to 100, ``None`` when nothing could be scored. ``left_message`` says that a voicemail heard the
    campaign's message, ``transferred_to`` whom the call was put through to (E.164). ``later_recordings`` are those of
    the parts after the first. ``voice_tiers`` has one decision for each of the agent's turns where two voices were to
    choose from. ``off_the_record`` means that they did not want to be recorded: their words are not kept, and a
    recording there was is gone since ``recording_purged_at``, for the reason beside it. ``cancelled`` is an
    appointment that they gave up, ``keeps_appointment`` that an earlier one stands as it was. ``callback_language`` is
    the language (ISO 639-1) in which a person is to call them back. ``versions`` are of what it was held
    with.
    """

    attempt_id: AttemptId
    part: int = 0
    script: str = ""
    script_version: int = 1
    script_fingerprint: str = ""
    worker: str
    epoch: str
    started_at: datetime
    ended_at: datetime
    ended_by: EndedBy
    end_reason: str
    heard: HeardAs
    first_audio_ms: float | None = None
    turns: tuple[SpokenTurn, ...] = ()
    facts: tuple[ReportedFact, ...] = ()
    objections: tuple[str, ...] = ()
    opted_out: bool = False
    opt_out_words: str = ""
    wrong_number: bool = False
    not_interested: bool = False
    has_agent: bool = False
    language_barrier: bool = False
    wants_person: bool = False
    left_message: bool = False
    transferred_to: str | None = None
    disqualified_because: str | None = None
    callback_at: datetime | None = None
    appointment: ReportedAppointment | None = None
    cancelled: CancelledAppointment | None = None
    keeps_appointment: bool = False
    callback_language: str = ""
    score: int | None = None
    score_reasons: tuple[ScoreReason, ...] = ()
    usage: tuple[ReportedUsage, ...] = ()
    voice_tiers: tuple[TierDecision, ...] = ()
    versions: SpokenVersions | None = None
    recording_path: str | None = None
    later_recordings: tuple[str, ...] = ()
    off_the_record: bool = False
    recording_purged_at: datetime | None = None
    recording_purged_because: str | None = None
