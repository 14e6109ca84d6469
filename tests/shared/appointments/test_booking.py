"""Booking a slot: once, in the future, in the agent's hours."""

from datetime import UTC, datetime, time, timedelta

import pytest

from shared.adapters.memory import MemoryAppointmentRepository
from shared.appointments import Agent, Appointment, Slot, SlotTaken, WorkingHours
from shared.appointments.booking import NotBookable, book
from shared.kernel.ids import AgentId, AppointmentId, LeadId, SellerId
from shared.kernel.zones import UnknownZone

NOW = datetime(2026, 11, 30, 15, tzinfo=UTC)
NINE = datetime(2026, 12, 1, 15, tzinfo=UTC)
MARIA = Agent(
    id=AgentId("maria"),
    seller_id=SellerId("harbor"),
    name="Maria",
    timezone="America/Chicago",
    hours=(WorkingHours(weekday=1, opens=time(9), closes=time(17)),),
)


def slot(starts_at: datetime = NINE, *, agent: str = "maria", minutes: int = 30) -> Slot:
    return Slot(agent_id=AgentId(agent), starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes))


def booked(
    wanted: Slot,
    *,
    calendar: MemoryAppointmentRepository,
    name: str = "one",
    timezone: str = "America/New_York",
    now: datetime = NOW,
) -> Appointment:
    return book(
        wanted,
        appointment_id=AppointmentId(name),
        lead_id=LeadId("ada"),
        agent=MARIA,
        timezone=timezone,
        appointments=calendar,
        now=now,
    )


def test_a_free_slot_becomes_an_appointment() -> None:
    calendar = MemoryAppointmentRepository()
    appointment = booked(slot(), calendar=calendar)

    assert calendar.of_lead(LeadId("ada")) == [appointment]
    assert (appointment.timezone, appointment.starts_at) == ("America/New_York", NINE)


def test_the_same_booking_may_be_repeated() -> None:
    calendar = MemoryAppointmentRepository()

    assert booked(slot(), calendar=calendar) == booked(slot(), calendar=calendar)
    assert len(calendar.of_lead(LeadId("ada"))) == 1


def test_a_slot_that_overlaps_is_taken() -> None:
    calendar = MemoryAppointmentRepository()
    booked(slot(), calendar=calendar)

    with pytest.raises(SlotTaken):
        booked(slot(NINE + timedelta(minutes=15)), calendar=calendar, name="two")


@pytest.mark.parametrize(
    ("wanted", "now", "why"),
    [
        (slot(), NINE, "past"),
        (slot(NINE - timedelta(minutes=15)), NOW, "outside the hours"),
        (slot(NINE, minutes=9 * 60), NOW, "outside the hours"),
        (slot(NINE + timedelta(days=1)), NOW, "outside the hours"),
        (slot(NINE, minutes=0), NOW, "outside the hours"),
        (slot(agent="noah"), NOW, "belongs to agent noah"),
    ],
)
def test_what_the_agent_cannot_keep_is_refused(wanted: Slot, now: datetime, why: str) -> None:
    with pytest.raises(NotBookable, match=why):
        booked(wanted, calendar=MemoryAppointmentRepository(), now=now)


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(UnknownZone):
        booked(slot(), calendar=MemoryAppointmentRepository(), timezone="Texas")
