"""Agents and appointments in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import Engine, RowMapping, select
from sqlalchemy.exc import IntegrityError

from shared.appointments import Agent, Appointment, AppointmentStatus, SlotTaken, WorkingHours
from shared.kernel.ids import LeadId, SellerId
from shared.storage.engine import constraint, reading
from shared.storage.rows import add_once, put_row, row_of, values_of
from shared.storage.tables import agents, appointments

NO_OVERLAP = "appointments_no_overlap"


class SqlAppointmentRepository:
    """``AppointmentRepository`` over ``agents`` and ``appointments``. One method, one transaction.

    Booking needs no right to read, so the voice node's role may do it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_agent(self, agent: Agent) -> None:
        hours = [
            {"weekday": day.weekday, "opens": day.opens.isoformat(), "closes": day.closes.isoformat()}
            for day in agent.hours
        ]
        with self._engine.begin() as db:
            put_row(db, agents, row_of(agent) | {"hours": hours})

    def agents(self, seller_id: SellerId) -> Sequence[Agent]:
        query = select(agents).where(agents.c.seller_id == seller_id).order_by(agents.c.name, agents.c.id)
        with reading(self._engine) as db:
            return [agent_of(row) for row in db.execute(query).mappings()]

    def booked(self, seller_id: SellerId, *, starts_from: datetime, until: datetime) -> Sequence[Appointment]:
        overlaps = (appointments.c.starts_at < until) & (appointments.c.ends_at > starts_from)
        stands = appointments.c.status == AppointmentStatus.BOOKED
        query = select(appointments).where(appointments.c.seller_id == seller_id, stands, overlaps)
        with reading(self._engine) as db:
            rows = db.execute(query.order_by(appointments.c.starts_at, appointments.c.id)).mappings()
            return [appointment_of(row) for row in rows]

    def book(self, appointment: Appointment) -> None:
        try:
            with self._engine.begin() as db:
                add_once(db, appointments, row_of(appointment))
        except IntegrityError as error:
            if constraint(error.orig) == NO_OVERLAP:
                raise SlotTaken(f"agent {appointment.agent_id} has another appointment then") from error
            raise

    def of_lead(self, lead_id: LeadId) -> Sequence[Appointment]:
        query = select(appointments).where(appointments.c.lead_id == lead_id)
        with reading(self._engine) as db:
            rows = db.execute(query.order_by(appointments.c.starts_at, appointments.c.id)).mappings()
            return [appointment_of(row) for row in rows]


def agent_of(row: RowMapping) -> Agent:
    """The agent that a row tells of."""
    hours = tuple(
        WorkingHours(
            weekday=day["weekday"],
            opens=time.fromisoformat(day["opens"]),
            closes=time.fromisoformat(day["closes"]),
        )
        for day in row["hours"]
    )
    return Agent(**values_of(row, Agent) | {"hours": hours})


def appointment_of(row: RowMapping) -> Appointment:
    """The appointment that a row tells of."""
    return Appointment(**values_of(row, Appointment) | {"status": AppointmentStatus(row["status"])})
