"""What a crash leaves behind is found, in memory and in PostgreSQL alike, and set going again."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.calls import AttemptState, CallAttempt
from shared.calls.reap import Reaped, Reaper, reap
from shared.costs import ReservationState
from shared.kernel.outbox import NewMessage
from shared.leads import LeadStatus
from tests.contracts.backends import Backend
from tests.contracts.nouns import NOON, make_report

LATER = NOON + timedelta(minutes=6)
MUCH_LATER = NOON + timedelta(days=36500)
"""When every message is due, by whosever clock it was written."""


@pytest.fixture
def reaper(backend: Backend) -> Reaper:
    return Reaper(strays=backend.strays, calls=backend.calls, leads=backend.leads)


def over(backend: Backend, **changes: object) -> CallAttempt:
    """An attempt that ended at noon."""
    attempt = backend.plan()
    backend.calls.begin_dialing(attempt.id, worker="w1", slot_epoch="e1", now=NOON)
    ended = {"state": AttemptState.ENDED, "ended_at": NOON, "provider_sid": "CA1"} | changes
    return backend.calls.move(replace(backend.calls.get(attempt.id), **ended))  # type: ignore[arg-type]


def report(backend: Backend, attempt: CallAttempt) -> None:
    """The report of the call comes, and the message that it writes is lost."""
    backend.reports.add(make_report(attempt))
    written = backend.outbox.lease(topic="close", now=MUCH_LATER, lease_for=timedelta(minutes=1), limit=9)
    backend.outbox.done([message.id for message in written])


def found(reaper: Reaper, at: datetime = LATER) -> Reaped:
    return reap(reaper=reaper, now=at)


def test_there_is_nothing_to_find_while_all_goes_well(backend: Backend, reaper: Reaper) -> None:
    attempt = backend.plan()
    backend.calls.move(attempt, NewMessage(topic="dial", body={"attempt_id": attempt.id}))
    assert found(reaper, NOON) == found(reaper) == Reaped()


def test_a_plan_that_nobody_dials_is_asked_about_once_it_is_late(backend: Backend, reaper: Reaper) -> None:
    backend.plan()

    assert found(reaper, NOON + timedelta(minutes=4)).asked == 0
    assert found(reaper).asked == 1
    assert backend.outbox.waiting() == {"reconcile": 1}
    assert found(reaper).asked == 0  # a message waits


def test_a_call_whose_watch_was_lost_is_asked_about(backend: Backend, reaper: Reaper) -> None:
    attempt = backend.plan()
    backend.calls.begin_dialing(attempt.id, worker="w1", slot_epoch="e1", now=NOON)

    assert found(reaper).asked == 1


def test_a_call_that_nobody_closed_is_closed(backend: Backend, reaper: Reaper) -> None:
    over(backend)

    assert found(reaper).closed == 1
    assert backend.outbox.waiting() == {"close": 1}


def test_a_call_whose_report_has_come_is_closed_and_one_without_is_only_listed(
    backend: Backend, reaper: Reaper
) -> None:
    attempt = over(backend, streamed_at=NOON, answered_at=NOON)

    assert found(reaper) == Reaped()
    assert found(reaper, NOON + timedelta(minutes=11)) == Reaped(unreported=(attempt.id,))
    report(backend, attempt)
    assert found(reaper) == Reaped(closed=1)


def test_the_last_part_of_a_report_is_waited_for_and_not_for_ever(backend: Backend, reaper: Reaper) -> None:
    attempt = over(backend, streamed_at=NOON, answered_at=NOON, recoveries=1)
    report(backend, attempt)

    assert found(reaper) == Reaped()
    assert found(reaper, NOON + timedelta(minutes=11)) == Reaped(closed=1)


def test_a_line_that_was_lost_has_no_last_part(backend: Backend, reaper: Reaper) -> None:
    attempt = over(backend, streamed_at=NOON, answered_at=NOON, recoveries=1, end_reason="lost_connection")
    report(backend, attempt)

    assert found(reaper) == Reaped(closed=1)


@pytest.mark.parametrize("is_dead", [False, True])
def test_what_waits_or_was_laid_aside_is_not_written_again(backend: Backend, reaper: Reaper, is_dead: bool) -> None:
    over(backend)
    assert found(reaper).closed == 1
    if is_dead:
        (leased,) = backend.outbox.lease(topic="close", now=MUCH_LATER, lease_for=timedelta(minutes=1), limit=1)
        assert backend.outbox.failed(leased.id, now=MUCH_LATER, retry_in=timedelta(0), max_receives=1, error="no")

    assert found(reaper) == Reaped()


def test_many_strays_are_seen_to_at_once(backend: Backend, reaper: Reaper) -> None:
    for number in range(5):
        backend.plan(backend.add_lead(phone=f"+1312555010{number}"))

    assert found(replace(reaper, batch=2)).asked == 5


def test_money_that_is_held_for_a_closed_call_is_settled(backend: Backend, reaper: Reaper) -> None:
    attempt = over(backend)
    lead = backend.leads.get(attempt.lead_id)
    backend.calls.close(attempt, lead.postponed_to(NOON), "no_answer")

    assert found(reaper) == Reaped(settled=1)
    assert backend.outbox.waiting() == {"settle": 1}
    backend.costs.void(attempt.id, now=NOON)
    assert backend.costs.reservation(attempt.id).state is ReservationState.VOID
    assert found(reaper) == Reaped()


def test_a_lead_that_nobody_calls_is_freed(backend: Backend, reaper: Reaper) -> None:
    attempt = over(backend)
    claimed = backend.leads.get(attempt.lead_id)
    backend.calls.close(attempt, claimed, "no_answer")
    backend.costs.void(attempt.id, now=NOON)

    assert found(reaper) == Reaped(freed=1)
    freed = backend.leads.get(claimed.id)
    assert (freed.status, freed.next_attempt_at) == (LeadStatus.READY, LATER)
