"""Agents and appointments in PostgreSQL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time

from sqlalchemy import Connection, Engine, RowMapping, select, update
from sqlalchemy.exc import IntegrityError

from shared.appointments import Agent, Appointment, AppointmentStatus, Cancellation, SlotTaken, WorkingHours
from shared.kernel.errors import NotFound
from shared.kernel.ids import AppointmentId, LeadId, SellerId
from shared.storage.engine import constraint, reading
from shared.storage.rows import add_once, put_row, row_of, values_of
from shared.storage.tables import agents, appointments, cancellations

NO_OVERLAP = "appointments_no_overlap"
UNKNOWN = frozenset({"cancellations_appointment_id_fkey", "cancellations_theirs"})


class SqlAppointmentRepository:
    """``AppointmentRepository`` over ``agents``, ``appointments`` and ``cancellations``. One method, one transaction.

    Booking, moving and cancelling need no right to read or to change, so the voice node's role may do it: the database
    itself cancels what a cancellation names.
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
        with self._writing(f"agent {appointment.agent_id} has another appointment then") as db:
            add_once(db, appointments, row_of(appointment))

    def move(self, appointment: Appointment, *, now: datetime) -> None:
        if appointment.moved_from is None:
            raise NotFound(f"appointment {appointment.id} is moved from nowhere")
        given_up = Cancellation(appointment_id=appointment.moved_from, attempt_id=appointment.attempt_id, at=now)
        with self._writing(f"agent {appointment.agent_id} has another appointment then") as db:
            add_once(db, cancellations, row_of(given_up))
            add_once(db, appointments, row_of(appointment))

    def cancel(self, cancellation: Cancellation) -> None:
        with self._writing("") as db:
            add_once(db, cancellations, row_of(cancellation))

    def mark(self, appointment_id: AppointmentId, status: AppointmentStatus) -> Appointment:
        stands = (appointments.c.id == appointment_id) & (appointments.c.status != AppointmentStatus.CANCELLED)
        said = update(appointments).where(stands).values(status=status).returning(appointments)
        with self._engine.begin() as db:
            row = db.execute(said).mappings().one_or_none()
        if row is None:
            raise NotFound(f"no appointment {appointment_id} that stands")
        return appointment_of(row)

    def unmarked(self, *, ended_before: datetime, limit: int) -> Sequence[Appointment]:
        is_over = (appointments.c.status == AppointmentStatus.BOOKED) & (appointments.c.ends_at < ended_before)
        query = select(appointments).where(is_over).order_by(appointments.c.ends_at.desc(), appointments.c.id)
        with reading(self._engine) as db:
            return [appointment_of(row) for row in db.execute(query.limit(limit)).mappings()]

    def of_lead(self, lead_id: LeadId) -> Sequence[Appointment]:
        query = select(appointments).where(appointments.c.lead_id == lead_id)
        with reading(self._engine) as db:
            rows = db.execute(query.order_by(appointments.c.starts_at, appointments.c.id)).mappings()
            return [appointment_of(row) for row in rows]

    @contextmanager
    def _writing(self, taken: str) -> Iterator[Connection]:
        """One transaction; what the database refuses is told in our words."""
        try:
            with self._engine.begin() as db:
                yield db
        except IntegrityError as error:
            broken = constraint(error.orig)
            if broken == NO_OVERLAP:
                raise SlotTaken(taken) from error
            if broken in UNKNOWN:
                raise NotFound("there is no such appointment of this lead") from error
            raise


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
