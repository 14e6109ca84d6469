"""Agents' time: slots, availability, booking."""

from shared.appointments.appointment import (
    Agent,
    Appointment,
    AppointmentStatus,
    Cancellation,
    Slot,
    SlotTaken,
    WorkingHours,
)

__all__ = ["Agent", "Appointment", "AppointmentStatus", "Cancellation", "Slot", "SlotTaken", "WorkingHours"]
