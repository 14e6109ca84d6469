"""Agents and appointments in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.adapters.memory.store import MemoryStore
from shared.appointments import Agent, Appointment, AppointmentStatus, Cancellation, SlotTaken
from shared.kernel.errors import NotFound
from shared.kernel.ids import AppointmentId, AttemptId, LeadId, SellerId


class MemoryAppointmentRepository:
    """``AppointmentRepository`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def add_agent(self, agent: Agent) -> None:
        self._store.agents[agent.id] = agent

    def agents(self, seller_id: SellerId) -> Sequence[Agent]:
        with self._store.lock:
            staff = [agent for agent in self._store.agents.values() if agent.seller_id == seller_id]
        return sorted(staff, key=lambda agent: (agent.name, agent.id))

    def booked(self, seller_id: SellerId, *, starts_from: datetime, until: datetime) -> Sequence[Appointment]:
        return [
            each
            for each in self._standing()
            if each.seller_id == seller_id and each.starts_at < until and each.ends_at > starts_from
        ]

    def book(self, appointment: Appointment) -> None:
        with self._store.lock:
            self._check_free(appointment)
            self._store.appointments.setdefault(appointment.id, appointment)

    def move(self, appointment: Appointment, *, now: datetime) -> None:
        with self._store.lock:
            old = self._theirs(appointment.moved_from, appointment.attempt_id)
            self._check_free(appointment, instead_of=old.id)
            self._give_up(old)
            self._store.appointments.setdefault(appointment.id, appointment)

    def cancel(self, cancellation: Cancellation) -> None:
        with self._store.lock:
            self._give_up(self._theirs(cancellation.appointment_id, cancellation.attempt_id))

    def mark(self, appointment_id: AppointmentId, status: AppointmentStatus) -> Appointment:
        with self._store.lock:
            known = self._store.appointments.get(appointment_id)
            if known is None or known.status is AppointmentStatus.CANCELLED:
                raise NotFound(f"no appointment {appointment_id} that stands")
            self._store.appointments[appointment_id] = replace(known, status=status)
            return self._store.appointments[appointment_id]

    def unmarked(self, *, ended_before: datetime, limit: int) -> Sequence[Appointment]:
        over = [each for each in self._standing() if each.ends_at < ended_before]
        return sorted(sorted(over, key=lambda each: each.id), key=lambda each: each.ends_at, reverse=True)[:limit]

    def _theirs(self, appointment_id: AppointmentId | None, attempt_id: AttemptId | None) -> Appointment:
        known = self._store.appointments.get(appointment_id or "")
        attempt = self._store.attempts.get(attempt_id) if attempt_id else None
        if known is None or (attempt_id is not None and (attempt is None or attempt.lead_id != known.lead_id)):
            raise NotFound("there is no such appointment of this lead")
        return known

    def _give_up(self, appointment: Appointment) -> None:
        if appointment.status is AppointmentStatus.BOOKED:
            gone = replace(appointment, status=AppointmentStatus.CANCELLED)
            self._store.appointments[appointment.id] = gone

    def _check_free(self, appointment: Appointment, *, instead_of: AppointmentId | None = None) -> None:
        rivals = [each for each in self._standing() if each.agent_id == appointment.agent_id]
        others = [each for each in rivals if each.id not in (appointment.id, instead_of)]
        if any(_overlap(appointment, each) for each in others):
            raise SlotTaken(f"agent {appointment.agent_id} has another appointment then")

    def of_lead(self, lead_id: LeadId) -> Sequence[Appointment]:
        with self._store.lock:
            theirs = [each for each in self._store.appointments.values() if each.lead_id == lead_id]
        return sorted(theirs, key=lambda each: (each.starts_at, each.id))

    def _standing(self) -> list[Appointment]:
        with self._store.lock:
            appointments = list(self._store.appointments.values())
        standing = [each for each in appointments if each.status is AppointmentStatus.BOOKED]
        return sorted(standing, key=lambda each: (each.starts_at, each.id))


def _overlap(one: Appointment, other: Appointment) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
