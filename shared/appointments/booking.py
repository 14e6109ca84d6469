"""Book a slot for a lead, once."""

from datetime import datetime

from shared.appointments.appointment import Agent, Appointment, Slot
from shared.appointments.availability import is_within_hours
from shared.appointments.ports import AppointmentRepository
from shared.kernel.errors import Refused
from shared.kernel.ids import AppointmentId, AttemptId, LeadId
from shared.kernel.zones import zone


class NotBookable(Refused):
    """The slot cannot be kept by this agent, whoever asks for it."""


def book(
    slot: Slot,
    *,
    appointment_id: AppointmentId,
    lead_id: LeadId,
    agent: Agent,
    timezone: str,
    appointments: AppointmentRepository,
    now: datetime,
    attempt_id: AttemptId | None = None,
) -> Appointment:
    """Keep the appointment, agreed in the person's ``timezone``. Safe to repeat with the same ``appointment_id``.

    Raises:
        NotBookable: The slot is over or under way, is not the agent's, or lies outside the agent's hours.
        SlotTaken: Someone else booked the agent then.
        UnknownZone: ``timezone`` is no IANA zone.
    """
    if slot.agent_id != agent.id:
        raise NotBookable(f"the slot belongs to agent {slot.agent_id}, not to {agent.id}")
    if slot.starts_at <= now:
        raise NotBookable(f"{slot.starts_at.isoformat()} is in the past")
    if slot.ends_at <= slot.starts_at or not is_within_hours(agent, slot):
        raise NotBookable(f"{slot.starts_at.isoformat()} lies outside the hours of agent {agent.id}")
    appointment = Appointment(
        id=appointment_id,
        seller_id=agent.seller_id,
        agent_id=agent.id,
        lead_id=lead_id,
        attempt_id=attempt_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        timezone=zone(timezone).key,
    )
    appointments.book(appointment)
    return appointment
