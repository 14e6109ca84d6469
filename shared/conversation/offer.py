"""What a brief offers of the agents' time, and on which clock the person reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.appointments import Agent, Appointment, AppointmentStatus
from shared.appointments.availability import free_slots
from shared.conversation.brief import OpenSlot
from shared.leads.location import zones_of


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Appointments of ``length`` that start no sooner than ``notice`` and end within ``horizon`` after that."""

    notice: timedelta = timedelta(hours=2)
    horizon: timedelta = timedelta(days=14)
    length: timedelta = timedelta(minutes=30)

    def window(self, now: datetime) -> tuple[datetime, datetime]:
        """The stretch of time that is offered."""
        earliest = now + self.notice
        return earliest, earliest + self.horizon

    def slots(self, agents: Sequence[Agent], booked: Sequence[Appointment], *, now: datetime) -> tuple[OpenSlot, ...]:
        """Every free stretch of the agents' time, earliest first."""
        earliest, latest = self.window(now)
        names = {agent.id: agent.name for agent in agents}
        free = free_slots(agents, booked, earliest=earliest, latest=latest, length=self.length)
        return tuple(
            OpenSlot(
                agent_id=slot.agent_id,
                agent_name=names[slot.agent_id],
                starts_at=slot.starts_at,
                ends_at=slot.ends_at,
            )
            for slot in free
        )


def next_of(own: Sequence[Appointment], *, now: datetime) -> Appointment | None:
    """The next of a lead's appointments that stands."""
    ahead = [each for each in own if each.status is AppointmentStatus.BOOKED and each.starts_at > now]
    return min(ahead, key=lambda each: each.starts_at, default=None)


def slot_of(appointment: Appointment, agents: Sequence[Agent]) -> OpenSlot:
    """The appointment's time, and whose it is."""
    names = {agent.id: agent.name for agent in agents}
    return OpenSlot(
        agent_id=appointment.agent_id,
        agent_name=names.get(appointment.agent_id, "our agent"),
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
    )


def clock_of_person(own: str | None, *, phone: str, agents: Sequence[Agent]) -> str:
    """The zone (IANA) that dates are read in: the person's own, else the number's, else the first agent's."""
    if own is not None:
        return own
    known = (*zones_of(phone), *(agent.timezone for agent in agents), "UTC")
    return known[0]
