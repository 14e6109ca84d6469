"""Every BriefRepository and ReportRepository keeps the same promises."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.calls import AttemptState
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId, new_id
from tests.contracts.backends import Backend
from tests.contracts.nouns import (
    NOON,
    PHONE,
    SELLER,
    make_agent,
    make_appointment,
    make_attempt,
    make_lead,
    make_opening,
    make_report,
)

SOON = timedelta(seconds=30)


def test_a_brief_holds_all_that_a_call_needs(backend: Backend) -> None:
    backend.campaigns.save_opening(make_opening())
    agent = make_agent()
    backend.appointments.add_agent(agent)
    lead = backend.add_lead(subject="12 Elm Street", source="web", asked_at=NOON, timezone="America/Denver")
    attempt = backend.plan(lead)

    brief = backend.briefs.get(attempt.id)

    assert (brief.attempt_id, brief.lead_id, brief.phone) == (attempt.id, lead.id, PHONE)
    assert (brief.seller_name, brief.callback_number) == (SELLER.registered_name, SELLER.callback_number)
    assert (brief.opening_text, brief.opening_audio) == (make_opening().text, make_opening().audio)
    assert (brief.first_name, brief.subject, brief.source, brief.asked_at) == ("Ada", "12 Elm Street", "web", NOON)
    assert (brief.timezone, brief.lead_kind, brief.script) == ("America/Denver", "seller", "seller")
    assert brief.time_limit == timedelta(minutes=5)
    short = backend.plan(backend.add_lead(phone="+15125550177"), time_limit=timedelta(minutes=2))
    assert backend.briefs.get(short.id).time_limit == timedelta(minutes=2)
    assert {slot.agent_name for slot in brief.slots} == {"Grace"}


def test_a_brief_offers_no_time_that_is_booked_or_too_soon(backend: Backend) -> None:
    agent = make_agent()
    backend.appointments.add_agent(agent)
    attempt = backend.plan()
    before = backend.briefs.get(attempt.id).slots
    taken = before[3]
    lead = backend.leads.get(attempt.lead_id)
    backend.appointments.book(make_appointment(agent, lead, starts_at=taken.starts_at, ends_at=taken.ends_at))

    assert before[0].starts_at == NOON + timedelta(hours=2)
    assert backend.briefs.get(attempt.id).slots == tuple(slot for slot in before if slot != taken)


def test_an_unknown_zone_is_read_from_the_number(backend: Backend) -> None:
    attempt = backend.plan(backend.add_lead(phone="+13125550142", timezone=None))

    assert backend.briefs.get(attempt.id).timezone == "America/Chicago"


def test_only_an_attempt_that_goes_on_has_a_brief(backend: Backend) -> None:
    attempt = backend.plan()
    backend.calls.move(replace(attempt, state=AttemptState.CANCELLED, ended_at=NOON))

    for attempt_id in (attempt.id, AttemptId(new_id())):
        with pytest.raises(NotFound):
            backend.briefs.get(attempt_id)


def test_a_report_is_kept_whole_and_asks_for_the_closing_once(backend: Backend) -> None:
    attempt = backend.plan()
    report = make_report(attempt)
    assert backend.reports.get(attempt.id) is None

    backend.reports.add(report)
    backend.reports.add(report)

    assert backend.reports.get(attempt.id) == report
    [message] = backend.outbox.lease(topic="close", now=NOON, lease_for=SOON, limit=5)
    assert message.body == {"attempt_id": attempt.id}


def test_a_report_of_no_attempt_is_refused(backend: Backend) -> None:
    with pytest.raises(NotFound):
        backend.reports.add(make_report(make_attempt(make_lead())))
