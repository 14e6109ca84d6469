"""Where appointments are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.appointments.appointment import Agent, Appointment, AppointmentStatus, Cancellation
from shared.kernel.ids import AppointmentId, LeadId, SellerId


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

    def move(self, appointment: Appointment, *, now: datetime) -> None:
        """Keep the appointment in place of the one it was ``moved_from``, which is cancelled with it or not at all.

        Safe to repeat. What was cancelled before does not hinder.

        Raises:
            SlotTaken: The agent has another appointment then; the old one stands.
            NotFound: There is no appointment that it could have been moved from, or it is somebody else's.
        """
        ...

    def cancel(self, cancellation: Cancellation) -> None:
        """Cancel an appointment that stands; one that is cancelled, kept or missed stays so. Safe to repeat.

        Raises:
            NotFound: There is no such appointment, or it is not of the lead whom the call was with.
        """
        ...

    def mark(self, appointment_id: AppointmentId, status: AppointmentStatus) -> Appointment:
        """Say whether an appointment was kept or missed; the last word counts.

        Raises:
            NotFound: There is no such appointment, or it was cancelled.
        """
        ...

    def unmarked(self, *, ended_before: datetime, limit: int) -> Sequence[Appointment]:
        """Appointments whose time has passed and of which nobody has said whether they were kept, latest first."""
        ...

    def of_lead(self, lead_id: LeadId) -> Sequence[Appointment]:
        """The lead's appointments, earliest first."""
        ...
