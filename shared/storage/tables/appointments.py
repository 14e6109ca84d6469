"""Agents and the appointments they keep."""

from sqlalchemy import CheckConstraint, Column, Index, Table, text
from sqlalchemy.dialects.postgresql import JSONB

from shared.appointments import AppointmentStatus
from shared.storage.tables.base import key, metadata, moment, one_of, reference, words

agents = Table(
    "agents",
    metadata,
    key(),
    reference("seller_id", "sellers.id"),
    words("name"),
    words("timezone"),
    Column("hours", JSONB, nullable=False),
)

appointments = Table(
    "appointments",
    metadata,
    key(),
    reference("seller_id", "sellers.id"),
    reference("agent_id", "agents.id"),
    reference("lead_id", "leads.id"),
    reference("attempt_id", "call_attempts.id", is_optional=True),
    moment("starts_at"),
    moment("ends_at"),
    words("timezone"),
    words("status"),
    one_of("status", AppointmentStatus),
    reference("moved_from", "appointments.id", is_optional=True),
    CheckConstraint("starts_at < ends_at", name="length"),
)

# One that is written here cancels its appointment, so that whoever may only insert can have it done.
cancellations = Table(
    "cancellations",
    metadata,
    reference("appointment_id", "appointments.id", is_key=True),
    reference("attempt_id", "call_attempts.id", is_optional=True),
    moment("at"),
)
Index(
    "appointments_booked_idx",
    appointments.c.agent_id,
    appointments.c.starts_at,
    postgresql_where=text("status = 'booked'"),
)
Index("appointments_lead_id_idx", appointments.c.lead_id)
