"""Everything to know before saying hello: loaded before the first word, enough to hold the whole call."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.kernel.ids import AgentId, AttemptId, CampaignId, LeadId, SellerId


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


class CallBrief(Message):
    """What the voice node needs for one call.

    ``opening_audio`` is mu-law, 8,000 Hz, mono. ``timezone`` is the person's (IANA); dates they say are read on it.
    ``time_limit`` is when the carrier will cut the call.
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
