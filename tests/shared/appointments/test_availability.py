"""Free slots lie in the agents' own hours and never over a booking, also when the clocks change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.appointments import Agent, Appointment, AppointmentStatus, Slot, WorkingHours
from shared.appointments.availability import free_slots, is_within_hours
from shared.kernel.ids import AgentId, AppointmentId, LeadId, SellerId

HALF_HOUR = timedelta(minutes=30)
SPRING_FORWARD = datetime(2027, 3, 14, tzinfo=UTC)
FALL_BACK = datetime(2026, 11, 1, tzinfo=UTC)


def agent(
    name: str = "maria", *, zone: str = "America/Chicago", opens: time = time(9), closes: time = time(17)
) -> Agent:
    hours = tuple(WorkingHours(weekday=day, opens=opens, closes=closes) for day in range(7))
    return Agent(id=AgentId(name), seller_id=SellerId("harbor"), name=name.title(), timezone=zone, hours=hours)


def booking(who: str, starts_at: datetime, *, minutes: int = 30, status: str = "booked") -> Appointment:
    return Appointment(
        id=AppointmentId(f"{who}-{starts_at.isoformat()}"),
        seller_id=SellerId("harbor"),
        agent_id=AgentId(who),
        lead_id=LeadId("ada"),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        timezone="America/Chicago",
        status=AppointmentStatus(status),
    )


def slots_on(day: datetime, *agents: Agent, booked: tuple[Appointment, ...] = ()) -> tuple[Slot, ...]:
    return free_slots(agents, booked, earliest=day, latest=day + timedelta(days=1, hours=12), length=HALF_HOUR)


def test_a_day_of_eight_hours_has_sixteen_half_hours() -> None:
    day = datetime(2026, 12, 1, 6, tzinfo=UTC)
    slots = free_slots([agent()], [], earliest=day, latest=day + timedelta(days=1), length=HALF_HOUR)

    assert len(slots) == 16
    assert slots[0].starts_at == datetime(2026, 12, 1, 15, tzinfo=UTC)
    assert slots[-1].ends_at == datetime(2026, 12, 1, 23, tzinfo=UTC)


def test_a_longer_appointment_must_end_before_closing() -> None:
    day = datetime(2026, 12, 1, 6, tzinfo=UTC)
    slots = free_slots([agent()], [], earliest=day, latest=day + timedelta(days=1), length=timedelta(minutes=90))

    assert slots[-1].ends_at == datetime(2026, 12, 1, 23, tzinfo=UTC)


def test_a_cancelled_booking_gives_its_time_back() -> None:
    nine = datetime(2026, 12, 1, 15, tzinfo=UTC)
    taken = slots_on(nine, agent(), booked=(booking("maria", nine),))
    given_back = slots_on(nine, agent(), booked=(booking("maria", nine, status="cancelled"),))

    assert nine not in {slot.starts_at for slot in taken}
    assert nine in {slot.starts_at for slot in given_back}


def test_one_agents_booking_leaves_the_other_free() -> None:
    nine = datetime(2026, 12, 1, 15, tzinfo=UTC)
    slots = slots_on(nine, agent("maria"), agent("noah"), booked=(booking("maria", nine),))

    assert slots[0] == Slot(agent_id=AgentId("noah"), starts_at=nine, ends_at=nine + HALF_HOUR)


def test_hours_that_the_clock_change_cuts_or_doubles_keep_to_the_wall_clock() -> None:
    zone = ZoneInfo("America/New_York")
    night_worker = agent(zone=zone.key, opens=time(1, 30), closes=time(2, 30))
    slots = slots_on(SPRING_FORWARD, night_worker) + slots_on(FALL_BACK, night_worker)

    assert slots
    assert all(time(1, 30) <= slot.starts_at.astimezone(zone).time() < time(2, 30) for slot in slots)


@settings(max_examples=100, deadline=None)
@given(
    day=st.sampled_from([SPRING_FORWARD, FALL_BACK, datetime(2026, 12, 1, tzinfo=UTC)]),
    zone=st.sampled_from(["America/New_York", "America/Phoenix", "Europe/London", "Australia/Lord_Howe"]),
    opens=st.integers(0, 22),
    length=st.integers(1, 8),
    bookings=st.lists(st.tuples(st.integers(0, 96), st.integers(1, 8)), max_size=6),
)
def test_no_slot_overlaps_a_booking_or_leaves_the_hours(
    day: datetime, zone: str, opens: int, length: int, bookings: list[tuple[int, int]]
) -> None:
    quarter = timedelta(minutes=15)
    maria = agent(zone=zone, opens=time(opens), closes=time(opens + 1, 45))
    booked = [booking("maria", day + quarter * start, minutes=15 * quarters) for start, quarters in bookings]
    slots = free_slots(
        [maria], booked, earliest=day, latest=day + timedelta(days=2), length=quarter * length, step=quarter
    )

    clock = ZoneInfo(zone)
    for slot in slots:
        first, last = slot.starts_at.astimezone(clock), (slot.ends_at - timedelta(seconds=1)).astimezone(clock)
        assert time(opens) <= first.time() <= last.time() < time(opens + 1, 45) or first.fold != last.fold
        assert slot.ends_at - slot.starts_at == quarter * length
        assert is_within_hours(maria, slot)
        assert all(slot.ends_at <= other.starts_at or other.ends_at <= slot.starts_at for other in booked)
