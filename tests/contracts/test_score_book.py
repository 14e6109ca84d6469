"""Every ScoreBook keeps what was given, and tells scores beside outcomes alike."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.appointments import AppointmentStatus, Cancellation
from shared.calls import AttemptState
from shared.conversation.report import ScoreEvidence, ScoreReason
from shared.conversation.score_history import GivenScore
from shared.kernel.errors import NotFound
from shared.kernel.ids import AppointmentId, AttemptId, CampaignId, SellerId, new_id
from shared.reports.score_report import ScoreCount, ScoreQuery, recalibrated
from tests.contracts.backends import Backend
from tests.contracts.nouns import (
    CAMPAIGN_ID,
    NOON,
    SELLER,
    make_agent,
    make_appointment,
    make_attempt,
    make_permission,
    make_reservation,
)

REASON = ScoreReason(
    name="timeline",
    points=30,
    most=30,
    why="within a month",
    evidence=(ScoreEvidence(field="timeline", turn=4, quote="as soon as possible"),),
)
ALL = ScoreQuery(since=NOON - timedelta(days=1), until=NOON + timedelta(days=1))
HALF_HOUR = timedelta(minutes=30)


def given(attempt_id: AttemptId, points: int, **changes: Any) -> GivenScore:
    usual = GivenScore(attempt_id=attempt_id, source="call:0", at=NOON, points=points, reasons=(REASON,))
    return replace(usual, **changes)


def scored_calls(backend: Backend, points: Sequence[int]) -> list[AttemptId]:
    """Closed calls to people of their own, each with a score."""
    made = []
    for place, score in enumerate(points):
        lead = backend.add_lead(phone=f"+1512555{1000 + place}")
        attempt = make_attempt(lead)
        backend.run()
        backend.calls.plan(attempt, lead, make_permission(), make_reservation(attempt, "0.01"))
        over = replace(attempt, state=AttemptState.CANCELLED, ended_at=NOON)
        disposition = "qualified_hot" if score >= 70 else "not_qualified"
        backend.calls.close(over, backend.leads.get(lead.id), disposition, was=backend.leads.get(lead.id))
        backend.scores.add(given(attempt.id, score))
        made.append(attempt.id)
    return made


def booked_in(backend: Backend, attempt_ids: Sequence[AttemptId]) -> list[AppointmentId]:
    """An appointment made in each of these calls, one after the other; returns their ids."""
    agent = make_agent()
    backend.appointments.add_agent(agent)
    ids = []
    for place, attempt_id in enumerate(attempt_ids):
        lead = backend.leads.get(backend.calls.get(attempt_id).lead_id)
        starts = NOON + timedelta(days=2) + place * HALF_HOUR
        made = make_appointment(agent, lead, attempt_id=attempt_id, starts_at=starts, ends_at=starts + HALF_HOUR)
        backend.appointments.book(made)
        ids.append(made.id)
    return ids


def test_every_score_is_kept_with_what_it_rests_on(backend: Backend) -> None:
    attempt = backend.plan()
    first = given(attempt.id, 40)
    later = given(attempt.id, 65, source="analysis:2", at=NOON + timedelta(hours=1))
    for each in (first, later, replace(first, points=99)):
        backend.scores.add(each)

    assert backend.scores.of_call(attempt.id) == (first, later)
    assert backend.scores.of_call(AttemptId(new_id())) == ()
    with pytest.raises(NotFound):
        backend.scores.add(given(AttemptId(new_id()), 40))


def test_what_came_of_the_calls_is_counted_by_their_newest_score(backend: Backend) -> None:
    calls = scored_calls(backend, [20, 80, 80, 80, 80, 90])
    backend.scores.add(given(calls[5], 80, source="analysis:1", at=NOON + timedelta(minutes=1)))
    kept, missed, cancelled, open_one = booked_in(backend, calls[1:5])
    backend.appointments.mark(kept, AppointmentStatus.KEPT)
    backend.appointments.mark(missed, AppointmentStatus.MISSED)
    backend.appointments.cancel(Cancellation(appointment_id=cancelled, attempt_id=None, at=NOON))

    assert backend.scores.counts(ALL) == [
        ScoreCount(points=20, calls=1),
        ScoreCount(points=80, calls=5, qualified=5, appointments=4, kept=1, missed=2),
    ]
    assert open_one


@pytest.mark.parametrize(
    ("query", "calls"),
    [
        (ALL, 1),
        (replace(ALL, campaign_id=CAMPAIGN_ID, seller_id=SELLER.id), 1),
        (replace(ALL, campaign_id=CampaignId(new_id())), 0),
        (replace(ALL, seller_id=SellerId(new_id())), 0),
        (replace(ALL, until=NOON), 0),
        (replace(ALL, since=NOON + timedelta(seconds=1)), 0),
    ],
)
def test_only_the_calls_that_were_asked_for_count(backend: Backend, query: ScoreQuery, calls: int) -> None:
    scored_calls(backend, [50])

    assert sum(each.calls for each in backend.scores.counts(query)) == calls


def test_the_report_reads_real_rows(backend: Backend) -> None:
    calls = scored_calls(backend, [30] * 20 + [60] * 10 + [90] * 10)
    booked_in(backend, [*calls[20:26], *calls[30:39]])

    found = recalibrated(backend.scores.counts(ALL), hot_from=70)

    assert (found.calls, found.by) == (40, "set")
    assert found.served is not None
    assert (found.present.points, found.served.points) == (70, 60)
    assert (found.served.hit.count, found.served.hit.of) == (15, 15)
    assert found.buckets[9].appointments.count == 9
