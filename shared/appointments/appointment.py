"""Agents, their working hours, and the appointments they keep."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from shared.kernel.errors import Conflict
from shared.kernel.ids import AgentId, AppointmentId, AttemptId, LeadId, SellerId


class SlotTaken(Conflict):
    """Someone else booked this time first."""


class AppointmentStatus(StrEnum):
    """Whether an appointment still stands, and once its time has passed whether it was kept."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    KEPT = "kept"
    MISSED = "missed"


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
    """A lead and an agent will talk; ``timezone`` is the one it was agreed in.

    ``moved_from`` is the appointment that it took the place of.
    """

    id: AppointmentId
    seller_id: SellerId
    agent_id: AgentId
    lead_id: LeadId
    attempt_id: AttemptId | None = None
    starts_at: datetime
    ends_at: datetime
    timezone: str
    status: AppointmentStatus = AppointmentStatus.BOOKED
    moved_from: AppointmentId | None = None


@dataclass(frozen=True, kw_only=True)
class Cancellation:
    """That an appointment was given up, in which call and when. Without a call one of us did it."""

    appointment_id: AppointmentId
    attempt_id: AttemptId | None
    at: datetime
