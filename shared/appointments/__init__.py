"""Agents' time: slots, availability, booking."""

from shared.appointments.appointment import (
    Agent,
    Appointment,
    AppointmentStatus,
    Slot,
    SlotTaken,
    WorkingHours,
)

__all__ = ["Agent", "Appointment", "AppointmentStatus", "Slot", "SlotTaken", "WorkingHours"]
