"""Every AppointmentRepository keeps the same promises."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.appointments import AppointmentStatus, SlotTaken
from shared.kernel.ids import SellerId, new_id
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
