"""Everything to know before saying hello: loaded before the first word, enough to hold the whole call."""

from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.kernel.ids import AgentId, AppointmentId, AttemptId, CampaignId, LeadId, SellerId


class Message(BaseModel):
    """A message that crosses a process: frozen, versioned, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: Literal[1] = 1


class OpenSlot(Message):
    """A free stretch of an agent's time when the brief was written; aware UTC."""

    agent_id: AgentId
    agent_name: str
    starts_at: datetime
    ends_at: datetime


class KnownFact(Message):
    """Something the person told us in an earlier talk, with the words it was read from."""

    field: str
    value: Any
    quote: str = ""
    confidence: float = 1.0


class CallBrief(Message):
    """What the voice node needs for one call.

    Audio is mu-law, 8,000 Hz, mono, and empty where it was not rendered. ``timezone`` is the person's (IANA); dates
    they say are read on it. ``time_limit`` is when the carrier will cut the call. ``part`` counts how often the call
    was connected again. ``known`` is what they told us in an earlier talk or part, ``spoken_at`` when that was;
    ``goes_on`` that it was a part of this call. ``missed_at`` is our last call that they did not take,
    ``promised_at`` the call-back they wait for, ``booked`` their appointment, by the id ``booked_id``. A voicemail
    hears ``voicemail_text`` if there is one; ``transfer_to`` is whom callers can be put through to now (E.164). A call
    that ``is_recorded`` has been announced as such; ``earlier_recordings`` are those of its earlier parts.
    ``script_body`` is the whole published script as JSON; without one the call speaks the project's own script of that
    name. ``prompt`` is the version of the reply's prompt, such as ``reply-3``; empty for the newest published one.
    """

    attempt_id: AttemptId
    campaign_id: CampaignId
    seller_id: SellerId
    lead_id: LeadId
    seller_name: str
    callback_number: str
    agent_voice: str
    script: str
    opening_text: str
    opening_audio: bytes
    first_name: str
    last_name: str
    lead_kind: str
    subject: str
    source: str
    asked_at: datetime | None
    timezone: str
    phone: str
    slots: tuple[OpenSlot, ...] = Field(default=())
    time_limit: timedelta
    direction: Literal["outbound", "inbound"] = "outbound"
    part: int = 0
    known: tuple[KnownFact, ...] = ()
    spoken_at: datetime | None = None
    goes_on: bool = False
    missed_at: datetime | None = None
    promised_at: datetime | None = None
    booked: OpenSlot | None = None
    booked_id: AppointmentId | None = None
    voicemail_text: str = ""
    voicemail_audio: bytes = b""
    transfer_to: str | None = None
    is_recorded: bool = False
    earlier_recordings: tuple[str, ...] = ()
    script_version: int = 1
    script_body: str = ""
    prompt: str = ""
