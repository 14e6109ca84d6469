"""Agents and appointments in memory."""

from collections.abc import Sequence
from datetime import datetime

from shared.adapters.memory.store import MemoryStore
from shared.appointments import Agent, Appointment, AppointmentStatus, SlotTaken
from shared.kernel.ids import LeadId, SellerId


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
            rivals = [each for each in self._standing() if each.agent_id == appointment.agent_id]
            if any(_overlap(appointment, each) for each in rivals if each.id != appointment.id):
                raise SlotTaken(f"agent {appointment.agent_id} has another appointment then")
            self._store.appointments.setdefault(appointment.id, appointment)

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
