"""Every CallRepository keeps the same promises."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.calls import AttemptState, Verdict
from shared.costs import BudgetExhausted
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import AttemptId, BudgetId, new_id
from shared.kernel.money import Money
from shared.kernel.outbox import NewMessage
from shared.leads import LeadStatus
from tests.contracts.backends import Backend
from tests.contracts.nouns import (
    BUDGET_ID,
    CAMPAIGN_ID,
    NOON,
    PHONE,
    make_attempt,
    make_event,
    make_permission,
    make_report,
    make_reservation,
    make_suppression,
)

SOON = timedelta(seconds=30)
CLOSE = NewMessage(topic="close", body={"attempt_id": "x"})


def topics(backend: Backend, topic: str) -> int:
    return len(backend.outbox.lease(topic=topic, now=NOON, lease_for=SOON, limit=10))


def test_a_plan_keeps_everything_at_once(backend: Backend) -> None:
    lead = backend.add_lead()
    attempt = make_attempt(lead, worker="w1", slot_epoch="e1")
    claimed = replace(lead, status=LeadStatus.CLAIMED, attempts=1, next_attempt_at=None)
    dial = NewMessage(topic="dial", body={"attempt_id": attempt.id})
    backend.calls.plan(attempt, claimed, make_permission(), make_reservation(attempt), dial)

    assert backend.calls.get(attempt.id) == attempt
    assert backend.calls.of_lead(lead.id) == [attempt]
    assert backend.leads.get(lead.id) == claimed
    assert backend.calls.permissions(lead.id) == [make_permission()]
    assert backend.calls.live_in_campaign(CAMPAIGN_ID) == 1
    assert topics(backend, "dial") == 1


def test_a_lead_is_claimed_once(backend: Backend) -> None:
    lead = backend.add_lead()
    backend.plan(lead)

    with pytest.raises(Conflict):
        backend.plan(lead, attempt_no=2)


def test_a_phone_has_one_live_attempt_even_in_two_campaigns(backend: Backend) -> None:
    backend.plan()
    again = backend.add_lead(campaign_id=None)

    with pytest.raises(Conflict):
        backend.plan(again, campaign_id=CAMPAIGN_ID)
    assert backend.leads.get(again.id) == again
    assert backend.costs.budget(BUDGET_ID).pending == Money.usd("1")


def test_a_plan_without_money_leaves_nothing_behind(backend: Backend) -> None:
    lead = backend.add_lead()
    attempt = make_attempt(lead)

    with pytest.raises(BudgetExhausted):
        backend.calls.plan(attempt, lead, make_permission(), make_reservation(attempt, "10.01"), CLOSE)
    assert backend.leads.get(lead.id) == lead
    assert backend.calls.permissions(lead.id) == []
    assert topics(backend, "close") == 0
    with pytest.raises(NotFound):
        backend.calls.get(attempt.id)


def test_a_plan_without_a_budget_is_refused(backend: Backend) -> None:
    lead = backend.add_lead()
    attempt = make_attempt(lead)

    nowhere = make_reservation(attempt, budget_ids=(BudgetId(new_id()),))
    with pytest.raises(NotFound):
        backend.calls.plan(attempt, lead, make_permission(), nowhere)
    assert backend.leads.get(lead.id) == lead


def test_an_attempt_number_is_used_once(backend: Backend) -> None:
    lead = backend.add_lead()
    first = backend.plan(lead)
    over = backend.calls.move(replace(first, state=AttemptState.CANCELLED, ended_at=NOON))
    backend.calls.close(over, lead, "failed_technical")

    with pytest.raises(Conflict):
        backend.plan(lead)


def test_only_one_may_begin_to_dial(backend: Backend) -> None:
    attempt = backend.plan()

    assert backend.calls.begin_dialing(attempt.id, worker="w1", slot_epoch="e1", now=NOON)
    assert not backend.calls.begin_dialing(attempt.id, worker="w2", slot_epoch="e2", now=NOON)
    assert not backend.calls.begin_dialing(AttemptId(new_id()), worker="w1", slot_epoch="e1", now=NOON)
    assert backend.calls.get(attempt.id) == replace(
        attempt, state=AttemptState.DIALING, worker="w1", slot_epoch="e1", dial_started_at=NOON
    )


def test_the_carriers_id_is_written_once(backend: Backend) -> None:
    attempt = backend.plan()
    backend.calls.begin_dialing(attempt.id, worker="w1", slot_epoch="e1", now=NOON)

    assert backend.calls.bind(attempt.id, "CA1", now=NOON).state is AttemptState.PLACED
    assert backend.calls.bind(attempt.id, "CA1", now=NOON).provider_sid == "CA1"
    with pytest.raises(Conflict):
        backend.calls.bind(attempt.id, "CA2", now=NOON)
    assert backend.calls.get(attempt.id).provider_sid == "CA1"


def test_a_carriers_id_belongs_to_one_attempt(backend: Backend) -> None:
    first = backend.plan()
    second = backend.plan(backend.add_lead(phone="+13125550143"))
    backend.calls.bind(first.id, "CA1", now=NOON)

    with pytest.raises(Conflict):
        backend.calls.bind(second.id, "CA1", now=NOON)
    with pytest.raises(Conflict):
        backend.calls.move(replace(second, provider_sid="CA1"))


def test_binding_late_does_not_move_back(backend: Backend) -> None:
    attempt = backend.plan()
    backend.calls.move(replace(attempt, state=AttemptState.RINGING))

    assert backend.calls.bind(attempt.id, "CA1", now=NOON).state is AttemptState.RINGING


def test_a_move_keeps_its_messages_and_a_refused_one_does_not(backend: Backend) -> None:
    attempt = backend.plan()
    ended = replace(attempt, state=AttemptState.ENDED, ended_at=NOON, duration_seconds=61, provider_result="completed")

    assert backend.calls.move(ended, CLOSE) == ended
    assert topics(backend, "close") == 1
    assert backend.calls.move(replace(attempt, state=AttemptState.RINGING), CLOSE) == ended
    assert backend.calls.move(replace(ended, state=AttemptState.CANCELLED), CLOSE) == ended
    assert topics(backend, "close") == 0
    assert backend.calls.get(attempt.id) == ended


def test_a_move_unlearns_nothing(backend: Backend) -> None:
    attempt = backend.plan()
    later = NOON + timedelta(seconds=5)
    backend.calls.move(
        replace(attempt, state=AttemptState.ANSWERED, answered_at=NOON, answered_by="human", provider_sid="CA1")
    )
    moved = backend.calls.move(replace(attempt, state=AttemptState.STREAMING, answered_at=later, streamed_at=later))

    assert (moved.answered_at, moved.answered_by, moved.provider_sid) == (NOON, "human", "CA1")
    assert backend.calls.get(attempt.id) == moved


def test_a_move_to_another_call_is_a_conflict(backend: Backend) -> None:
    attempt = backend.plan()
    backend.calls.bind(attempt.id, "CA1", now=NOON)

    with pytest.raises(Conflict):
        backend.calls.move(replace(attempt, state=AttemptState.RINGING, provider_sid="CA2"))


def test_a_callback_is_received_once_and_in_order(backend: Backend) -> None:
    attempt = backend.plan()
    ringing = make_event(attempt)
    answered = make_event(attempt, dedupe_key="CA1:in-progress:2", payload={"CallStatus": "in-progress"})
    status = NewMessage(topic="status", body={"attempt_id": attempt.id})

    assert backend.calls.receive(ringing, status)
    assert backend.calls.receive(answered)
    assert not backend.calls.receive(ringing, status)
    assert backend.calls.events(attempt.id) == [ringing, answered]
    assert topics(backend, "status") == 1


def test_a_callback_about_no_attempt_is_refused(backend: Backend) -> None:
    with pytest.raises(NotFound):
        backend.calls.receive(make_event(make_attempt(backend.add_lead())))


def test_facts_count_what_rang(backend: Backend) -> None:
    first = backend.plan()
    backend.calls.begin_dialing(first.id, worker="w1", slot_epoch="e1", now=NOON)
    since = NOON - timedelta(hours=1)

    assert backend.calls.facts(PHONE, since=since).live_attempts == 1
    assert backend.calls.facts(PHONE, since=since, apart_from=first.id).live_attempts == 0

    begun = backend.calls.get(first.id)
    backend.calls.move(replace(begun, state=AttemptState.ENDED, ended_at=NOON))
    facts = backend.calls.facts(PHONE, since=since)
    assert (facts.live_attempts, facts.attempts_last_24_hours, facts.attempts_total) == (0, (NOON,), 1)
    assert backend.calls.facts(PHONE, since=NOON + timedelta(seconds=1)).attempts_last_24_hours == ()


def test_an_attempt_that_never_rang_is_not_counted(backend: Backend) -> None:
    attempt = backend.plan()
    backend.calls.begin_dialing(attempt.id, worker="w1", slot_epoch="e1", now=NOON)
    begun = backend.calls.get(attempt.id)
    backend.calls.move(replace(begun, state=AttemptState.NOT_PLACED, ended_at=NOON))

    assert backend.calls.facts(PHONE, since=NOON).attempts_total == 0


@pytest.mark.parametrize("told", ["streamed_at", "answered_at"])
def test_an_attempt_that_was_talked_in_holds_its_phone_until_it_is_closed(backend: Backend, told: str) -> None:
    lead = backend.add_lead()
    attempt = backend.plan(lead)
    ended = replace(attempt, state=AttemptState.ENDED, ended_at=NOON, **{told: NOON})  # type: ignore[arg-type]
    backend.calls.move(ended)
    backend.leads.save(lead)

    assert backend.calls.facts(PHONE, since=NOON).live_attempts == 1
    with pytest.raises(Conflict):
        backend.plan(lead, attempt_no=2)

    backend.reports.add(make_report(attempt))
    assert backend.calls.close(ended, lead, "no_answer")
    backend.plan(lead, attempt_no=2)


def test_an_answered_attempt_that_was_turned_away_holds_no_phone(backend: Backend) -> None:
    attempt = backend.plan()
    turned_away = replace(attempt, end_reason="not_allowed", answered_at=NOON)
    backend.calls.move(replace(turned_away, state=AttemptState.ENDED, ended_at=NOON))

    assert backend.calls.facts(PHONE, since=NOON).live_attempts == 0


def test_closing_happens_once(backend: Backend) -> None:
    lead = backend.add_lead()
    attempt = backend.plan(lead)
    over = replace(attempt, state=AttemptState.ENDED, ended_at=NOON)
    backend.calls.move(over)
    after = replace(lead, status=LeadStatus.READY, next_attempt_at=NOON + timedelta(hours=4), disposition="busy")
    settle = NewMessage(topic="settle", body={"attempt_id": attempt.id})
    assert backend.calls.disposition(attempt.id) is None

    assert backend.calls.close(over, after, "busy", settle)
    assert not backend.calls.close(over, replace(after, attempts=9), "no_answer", settle)
    assert backend.calls.disposition(attempt.id) == "busy"
    assert backend.leads.get(lead.id) == after
    assert topics(backend, "settle") == 1


def test_closing_does_not_bring_back_who_opted_out(backend: Backend) -> None:
    lead = backend.add_lead()
    attempt = backend.plan(lead)
    backend.suppressions.add(make_suppression(attempt_id=attempt.id))
    over = backend.calls.move(replace(attempt, state=AttemptState.ENDED, ended_at=NOON))
    backend.calls.close(over, lead, "no_answer")

    assert backend.leads.get(lead.id).status is LeadStatus.OPTED_OUT


@pytest.mark.parametrize("verdict", [Verdict.DENY, Verdict.DEFER])
def test_a_decision_against_a_call_is_kept_with_its_reasons(backend: Backend, verdict: Verdict) -> None:
    lead = backend.add_lead()
    after = replace(lead, next_attempt_at=NOON + timedelta(hours=2))
    backend.calls.decline(after, make_permission(verdict))

    assert backend.leads.get(lead.id) == after
    assert backend.calls.permissions(lead.id) == [make_permission(verdict)]


def test_a_late_decision_does_not_take_back_a_claim(backend: Backend) -> None:
    lead = backend.add_lead()
    backend.plan(lead)
    backend.calls.decline(replace(lead, next_attempt_at=NOON), make_permission(Verdict.DEFER))

    assert backend.leads.get(lead.id).status is LeadStatus.CLAIMED


def test_later_decisions_follow_earlier_ones(backend: Backend) -> None:
    attempt = backend.plan()
    backend.calls.record(make_permission(Verdict.DENY), attempt_id=attempt.id)

    verdicts = [permission.verdict for permission in backend.calls.permissions(attempt.lead_id)]
    assert verdicts == [Verdict.ALLOW, Verdict.DENY]
    with pytest.raises(NotFound):
        backend.calls.record(make_permission(), attempt_id=AttemptId(new_id()))


def test_what_is_missing_is_said_so(backend: Backend) -> None:
    missing = make_attempt(backend.add_lead())

    with pytest.raises(NotFound):
        backend.calls.get(missing.id)
    with pytest.raises(NotFound):
        backend.calls.move(missing)
    with pytest.raises(NotFound):
        backend.calls.bind(missing.id, "CA1", now=NOON)
    assert backend.calls.disposition(missing.id) is None


@pytest.mark.parametrize("end", [AttemptState.CANCELLED, AttemptState.REJECTED, AttemptState.NOT_PLACED])
def test_what_the_carrier_has_is_not_given_up(backend: Backend, end: AttemptState) -> None:
    attempt = backend.plan()
    backend.calls.begin_dialing(attempt.id, worker="w1", slot_epoch="e1", now=NOON)
    rings = backend.calls.move(replace(backend.calls.get(attempt.id), state=AttemptState.RINGING, provider_sid="CA1"))

    assert backend.calls.move(replace(attempt, state=end, ended_at=NOON), CLOSE) == rings
    assert topics(backend, "close") == 0


def test_a_plan_that_someone_dials_is_not_cancelled(backend: Backend) -> None:
    attempt = backend.plan()
    backend.calls.begin_dialing(attempt.id, worker="w1", slot_epoch="e1", now=NOON)

    assert backend.calls.move(replace(attempt, state=AttemptState.CANCELLED, ended_at=NOON)).state == "dialing"


def test_a_late_writer_with_an_older_inbox_unlearns_nothing(backend: Backend) -> None:
    attempt = backend.plan()
    ended = replace(attempt, state=AttemptState.ENDED, ended_at=NOON)
    whole = replace(ended, answered_by="machine_start", provider_result="completed", duration_seconds=61, sip_code=200)
    backend.calls.move(whole)
    backend.calls.move(replace(ended, answered_by="unknown", provider_result="failed", duration_seconds=60))

    assert backend.calls.get(attempt.id) == whole


def test_a_call_that_the_carrier_had_after_all_is_counted(backend: Backend) -> None:
    attempt = backend.plan()
    backend.calls.begin_dialing(attempt.id, worker="w1", slot_epoch="e1", now=NOON)
    given_up = replace(backend.calls.get(attempt.id), state=AttemptState.NOT_PLACED, ended_at=NOON)
    backend.calls.move(given_up)
    backend.calls.move(replace(given_up, provider_sid="CA1"))

    assert backend.calls.facts(PHONE, since=NOON).attempts_last_24_hours == (NOON,)


@pytest.mark.parametrize("status", [LeadStatus.QUALIFIED, LeadStatus.NOT_INTERESTED, LeadStatus.INVALID])
def test_a_late_decision_does_not_bring_back_who_was_called_meanwhile(backend: Backend, status: LeadStatus) -> None:
    lead = backend.add_lead()
    closed = replace(lead, status=status, next_attempt_at=None)
    backend.leads.save(closed)
    backend.calls.decline(lead.postponed_to(NOON), make_permission(Verdict.DEFER))

    assert backend.leads.get(lead.id) == closed


def test_of_two_who_read_the_same_count_of_looks_one_writes_the_next(backend: Backend) -> None:
    attempt = backend.plan(backend.add_lead())

    first = backend.calls.look_again(attempt, at=NOON)
    second = backend.calls.look_again(attempt, at=NOON)

    assert first.looks == second.looks == backend.calls.get(attempt.id).looks == attempt.looks + 1
    assert topics(backend, "reconcile") == 1
