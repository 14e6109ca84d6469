"""Where appointments are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.appointments.appointment import Agent, Appointment
from shared.kernel.ids import LeadId, SellerId


class AppointmentRepository(Protocol):
    """Where agents and their appointments are kept."""

    def add_agent(self, agent: Agent) -> None:
        """Keep a new agent, or its changed hours."""
        ...

    def agents(self, seller_id: SellerId) -> Sequence[Agent]:
        """Everyone who keeps appointments for the seller, by name."""
        ...

    def booked(self, seller_id: SellerId, *, starts_from: datetime, until: datetime) -> Sequence[Appointment]:
        """Standing appointments that overlap the stretch, earliest first."""
        ...

    def book(self, appointment: Appointment) -> None:
        """Keep the appointment, unless the agent has another one then.

        Raises:
            SlotTaken: The agent already has an appointment that overlaps. Booking the same id again changes nothing.
        """
        ...

    def of_lead(self, lead_id: LeadId) -> Sequence[Appointment]:
        """The lead's appointments, earliest first."""
        ...
