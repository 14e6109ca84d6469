"""Agents, their working hours, and the appointments they keep."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from shared.kernel.errors import Conflict
from shared.kernel.ids import AgentId, AppointmentId, AttemptId, LeadId, SellerId


class SlotTaken(Conflict):
    """Someone else booked this time first."""


class AppointmentStatus(StrEnum):
    """Whether an appointment still stands."""

    BOOKED = "booked"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class WorkingHours:
    """One weekday's hours on the agent's own clock; Monday is 0; ``closes`` is exclusive."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, kw_only=True)
class Agent:
    """A person who keeps appointments."""

    id: AgentId
    seller_id: SellerId
    name: str
    timezone: str
    hours: tuple[WorkingHours, ...]


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A free stretch of one agent's time, aware UTC."""

    agent_id: AgentId
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """A lead and an agent will talk; ``timezone`` is the one it was agreed in."""

    id: AppointmentId
    seller_id: SellerId
    agent_id: AgentId
    lead_id: LeadId
    attempt_id: AttemptId | None = None
    starts_at: datetime
    ends_at: datetime
    timezone: str
    status: AppointmentStatus = AppointmentStatus.BOOKED
