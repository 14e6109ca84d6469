"""Every AppointmentRepository keeps the same promises."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.appointments import AppointmentStatus, Cancellation, SlotTaken
from shared.kernel.errors import NotFound
from shared.kernel.ids import AppointmentId, AttemptId, SellerId, new_id
from tests.contracts.backends import Backend
from tests.contracts.nouns import NOON, SELLER, make_agent, make_appointment

HALF_HOUR = timedelta(minutes=30)


def test_agents_come_by_name_with_their_hours(backend: Backend) -> None:
    grace, bob = make_agent(), make_agent(name="Bob")
    backend.appointments.add_agent(grace)
    backend.appointments.add_agent(bob)
    shorter = replace(grace, hours=grace.hours[:1])
    backend.appointments.add_agent(shorter)

    assert backend.appointments.agents(SELLER.id) == [bob, shorter]
    assert backend.appointments.agents(SellerId(new_id())) == []


def test_a_booking_stands_and_is_found(backend: Backend) -> None:
    agent, lead = make_agent(), backend.add_lead()
    backend.appointments.add_agent(agent)
    appointment = make_appointment(agent, lead, attempt_id=backend.plan(lead).id)
    backend.appointments.book(appointment)

    assert backend.appointments.of_lead(lead.id) == [appointment]
    found = backend.appointments.booked(
        SELLER.id, starts_from=appointment.starts_at, until=appointment.starts_at + timedelta(minutes=1)
    )
    assert found == [appointment]
    assert backend.appointments.booked(SELLER.id, starts_from=NOON, until=appointment.starts_at) == []
    assert (
        backend.appointments.booked(SELLER.id, starts_from=appointment.ends_at, until=appointment.ends_at + HALF_HOUR)
        == []
    )


@pytest.mark.parametrize("shift", [timedelta(0), timedelta(minutes=29), timedelta(minutes=-29)])
def test_an_agent_is_never_at_two_places(backend: Backend, shift: timedelta) -> None:
    agent, lead = make_agent(), backend.add_lead()
    backend.appointments.add_agent(agent)
    first = make_appointment(agent, lead)
    backend.appointments.book(first)

    with pytest.raises(SlotTaken):
        backend.appointments.book(
            make_appointment(agent, lead, starts_at=first.starts_at + shift, ends_at=first.ends_at + shift)
        )
    assert backend.appointments.of_lead(lead.id) == [first]


def test_neighbours_other_agents_and_cancelled_times_do_not_clash(backend: Backend) -> None:
    agent, other, lead = make_agent(), make_agent(name="Bob"), backend.add_lead()
    for each in (agent, other):
        backend.appointments.add_agent(each)
    first = make_appointment(agent, lead)
    after = make_appointment(agent, lead, starts_at=first.ends_at, ends_at=first.ends_at + HALF_HOUR)
    backend.appointments.book(replace(make_appointment(agent, lead), status=AppointmentStatus.CANCELLED))
    for appointment in (first, after, make_appointment(other, lead)):
        backend.appointments.book(appointment)

    booked = backend.appointments.booked(SELLER.id, starts_from=NOON, until=NOON + timedelta(days=2))
    assert len(booked) == 3


def test_booking_the_same_id_again_changes_nothing(backend: Backend) -> None:
    agent, lead = make_agent(), backend.add_lead()
    backend.appointments.add_agent(agent)
    appointment = make_appointment(agent, lead)
    backend.appointments.book(appointment)
    backend.appointments.book(appointment)

    assert backend.appointments.of_lead(lead.id) == [appointment]


def test_a_move_books_the_new_time_and_gives_up_the_old_one(backend: Backend) -> None:
    agent, lead = make_agent(), backend.add_lead()
    backend.appointments.add_agent(agent)
    old = make_appointment(agent, lead)
    backend.appointments.book(old)
    attempt_id = backend.plan(lead).id
    overlapping = {"starts_at": old.starts_at + HALF_HOUR / 2, "ends_at": old.ends_at + HALF_HOUR / 2}
    new = make_appointment(agent, lead, attempt_id=attempt_id, moved_from=old.id, **overlapping)
    backend.appointments.move(new, now=NOON)
    backend.appointments.move(new, now=NOON)

    assert backend.appointments.of_lead(lead.id) == [replace(old, status=AppointmentStatus.CANCELLED), new]
    assert backend.appointments.booked(SELLER.id, starts_from=NOON, until=NOON + timedelta(days=3)) == [new]


def test_the_old_time_stands_when_the_new_one_is_taken(backend: Backend) -> None:
    agent, lead = make_agent(), backend.add_lead()
    backend.appointments.add_agent(agent)
    old = make_appointment(agent, lead)
    rival = make_appointment(agent, lead, starts_at=old.ends_at, ends_at=old.ends_at + HALF_HOUR)
    for each in (old, rival):
        backend.appointments.book(each)
    new = make_appointment(agent, lead, moved_from=old.id, starts_at=rival.starts_at, ends_at=rival.ends_at)

    with pytest.raises(SlotTaken):
        backend.appointments.move(new, now=NOON)
    assert backend.appointments.of_lead(lead.id) == [old, rival]


def test_a_cancelled_time_is_free_again_and_cancelling_twice_changes_nothing(backend: Backend) -> None:
    agent, lead = make_agent(), backend.add_lead()
    backend.appointments.add_agent(agent)
    first = make_appointment(agent, lead)
    backend.appointments.book(first)
    given_up = Cancellation(appointment_id=first.id, attempt_id=backend.plan(lead).id, at=NOON)
    backend.appointments.cancel(given_up)
    backend.appointments.cancel(given_up)
    second = make_appointment(agent, lead)
    backend.appointments.book(second)

    found = {each.id: each.status for each in backend.appointments.of_lead(lead.id)}
    assert found == {first.id: AppointmentStatus.CANCELLED, second.id: AppointmentStatus.BOOKED}


def test_nobody_cancels_or_moves_the_appointment_of_somebody_else(backend: Backend) -> None:
    agent, lead = make_agent(), backend.add_lead()
    other = backend.add_lead(phone="+15125550177")
    backend.appointments.add_agent(agent)
    theirs = make_appointment(agent, lead)
    backend.appointments.book(theirs)
    attempt_id = backend.plan(other).id
    later = {"starts_at": theirs.ends_at, "ends_at": theirs.ends_at + HALF_HOUR}

    for given_up in (
        Cancellation(appointment_id=theirs.id, attempt_id=attempt_id, at=NOON),
        Cancellation(appointment_id=AppointmentId(new_id()), attempt_id=attempt_id, at=NOON),
    ):
        with pytest.raises(NotFound):
            backend.appointments.cancel(given_up)
    for changed in ({"moved_from": theirs.id}, {"moved_from": AppointmentId(new_id())}, {"moved_from": None}):
        with pytest.raises(NotFound):
            backend.appointments.move(
                make_appointment(agent, other, attempt_id=AttemptId(attempt_id), **later, **changed), now=NOON
            )
    assert backend.appointments.of_lead(lead.id) == [theirs]
    assert backend.appointments.of_lead(other.id) == []


def test_what_became_of_an_appointment_is_said_afterwards(backend: Backend) -> None:
    agent, lead = make_agent(), backend.add_lead()
    backend.appointments.add_agent(agent)
    first = make_appointment(agent, lead)
    later = make_appointment(agent, lead, starts_at=first.ends_at, ends_at=first.ends_at + HALF_HOUR)
    for each in (first, later):
        backend.appointments.book(each)
    over = later.ends_at + HALF_HOUR

    assert backend.appointments.unmarked(ended_before=over, limit=5) == [later, first]
    assert backend.appointments.unmarked(ended_before=over, limit=1) == [later]
    assert backend.appointments.unmarked(ended_before=first.ends_at, limit=5) == []
    kept = backend.appointments.mark(first.id, AppointmentStatus.KEPT)
    assert kept.status is AppointmentStatus.KEPT
    assert backend.appointments.mark(first.id, AppointmentStatus.MISSED).status is AppointmentStatus.MISSED
    assert backend.appointments.unmarked(ended_before=over, limit=5) == [later]
    backend.appointments.cancel(Cancellation(appointment_id=later.id, attempt_id=None, at=NOON))
    for gone in (later.id, AppointmentId(new_id())):
        with pytest.raises(NotFound):
            backend.appointments.mark(gone, AppointmentStatus.KEPT)


def test_a_brief_names_the_next_appointment_however_far_it_is(backend: Backend) -> None:
    agent, lead = make_agent(), backend.add_lead()
    backend.appointments.add_agent(agent)
    far, soon = NOON + timedelta(days=40), NOON + timedelta(minutes=30)
    distant = make_appointment(agent, lead, starts_at=far, ends_at=far + HALF_HOUR)
    over = make_appointment(agent, lead, starts_at=NOON - timedelta(days=1), ends_at=NOON - timedelta(hours=23))
    backend.appointments.book(distant)
    backend.appointments.book(over)
    attempt = backend.plan(lead)

    assert backend.briefs.get(attempt.id).booked_id == distant.id
    near = make_appointment(agent, lead, starts_at=soon, ends_at=soon + HALF_HOUR)
    backend.appointments.book(near)
    brief = backend.briefs.get(attempt.id)
    assert brief.booked is not None
    assert (brief.booked_id, brief.booked.starts_at) == (near.id, soon)
    backend.appointments.cancel(Cancellation(appointment_id=near.id, attempt_id=attempt.id, at=NOON))
    assert backend.briefs.get(attempt.id).booked_id == distant.id
