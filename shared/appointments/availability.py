"""When agents are free: their own hours on their own clocks, less what is booked."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.appointments.appointment import Agent, Appointment, AppointmentStatus, Slot

HALF_HOUR = timedelta(minutes=30)


def free_slots(
    agents: Sequence[Agent],
    booked: Sequence[Appointment],
    *,
    earliest: datetime,
    latest: datetime,
    length: timedelta,
    step: timedelta = HALF_HOUR,
) -> tuple[Slot, ...]:
    """Every stretch of ``length`` that an agent could still keep, earliest first.

    Slots start every ``step`` from the opening of the agent's day, not before ``earliest``, and end at ``latest`` or
    before. ``booked`` may hold appointments of any agent; cancelled ones do not count.
    """
    slots = [
        slot
        for agent in agents
        for slot in _slots_of(agent, earliest=earliest, latest=latest, length=length, step=step)
        if not any(_overlaps(slot, appointment) for appointment in booked)
    ]
    order = {agent.id: place for place, agent in enumerate(agents)}
    return tuple(sorted(slots, key=lambda slot: (slot.starts_at, order[slot.agent_id])))


def is_within_hours(agent: Agent, slot: Slot) -> bool:
    """Whether the whole slot lies inside one stretch of the agent's working hours."""
    zone = ZoneInfo(agent.timezone)
    first_day = slot.starts_at.astimezone(zone).date()
    return any(
        opens <= slot.starts_at and slot.ends_at <= closes
        for opens, closes in _working_stretches(agent, first_day, first_day)
    )


def _slots_of(
    agent: Agent, *, earliest: datetime, latest: datetime, length: timedelta, step: timedelta
) -> Iterator[Slot]:
    zone = ZoneInfo(agent.timezone)
    first_day, last_day = earliest.astimezone(zone).date(), latest.astimezone(zone).date()
    for opens, closes in _working_stretches(agent, first_day, last_day):
        starts_at = opens
        while starts_at + length <= min(closes, latest):
            if starts_at >= earliest:
                yield Slot(agent_id=agent.id, starts_at=starts_at, ends_at=starts_at + length)
            starts_at += step


def _working_stretches(agent: Agent, first_day: date, last_day: date) -> Iterator[tuple[datetime, datetime]]:
    """The agent's working stretches on those days of the agent's calendar, in UTC."""
    zone = ZoneInfo(agent.timezone)
    day = first_day
    while day <= last_day:
        for hours in agent.hours:
            if hours.weekday == day.weekday():
                # A wall time that the clock change skips or repeats means two moments: take the shorter stretch.
                yield max(_moments(day, hours.opens, zone)), min(_moments(day, hours.closes, zone))
        day += timedelta(days=1)


def _moments(day: date, wall_time: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Both readings of a wall time, in UTC; equal but for the hours around a clock change."""
    first = datetime.combine(day, wall_time, zone)
    return first.replace(fold=0).astimezone(UTC), first.replace(fold=1).astimezone(UTC)


def _overlaps(slot: Slot, appointment: Appointment) -> bool:
    return (
        appointment.agent_id == slot.agent_id
        and appointment.status is AppointmentStatus.BOOKED
        and appointment.starts_at < slot.ends_at
        and slot.starts_at < appointment.ends_at
    )
