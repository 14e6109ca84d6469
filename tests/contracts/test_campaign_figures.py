"""Every CampaignBoard and every CampaignCalls counts the same."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.calls import AttemptState, CallAttempt, Purpose, Verdict
from shared.campaigns import CallCounts, CampaignState
from shared.kernel.ids import CampaignId, new_id
from shared.leads import Lead, LeadStatus
from shared.reports.campaign_figures import FirstCalls, Promises, VariantFigures
from tests.contracts.backends import Backend
from tests.contracts.nouns import CAMPAIGN_ID, NOON, make_campaign, make_permission, make_report

MINUTE = timedelta(minutes=1)


@pytest.fixture
def running(backend: Backend) -> Backend:
    """The campaign runs since noon."""
    backend.campaigns.save(make_campaign(state=CampaignState.RUNNING, moved_at=NOON))
    return backend


def lead_number(backend: Backend, number: int, **changed: Any) -> Lead:
    return backend.add_lead(phone=f"+1312555{number:04}", **changed)


def dialled(backend: Backend, lead: Lead, at: datetime = NOON, **planned: Any) -> CallAttempt:
    attempt = backend.plan(lead, **planned)
    assert backend.calls.begin_dialing(attempt.id, worker="w1", slot_epoch="e1", now=at)
    return backend.calls.bind(attempt.id, f"CA{attempt.id}", now=at)


def ended(
    backend: Backend, number: int, disposition: str, *, heard: str | None = None, at: datetime = NOON, **changed: Any
) -> CallAttempt:
    """A call that is over and closed; ``heard`` is what the node reports, if it does."""
    report = {name: changed.pop(name) for name in ("first_audio_ms",) if name in changed}
    planned = {name: changed.pop(name) for name in ("variant", "purpose") if name in changed}
    lead = lead_number(backend, number, variant=planned.get("variant"))
    attempt = dialled(backend, lead, at, **planned)
    over = backend.calls.move(replace(attempt, state=AttemptState.ENDED, ended_at=at + MINUTE, **changed))
    if heard:
        backend.reports.add(make_report(over, heard=heard, **report))
    backend.calls.close(over, lead, disposition)
    backend.costs.void(over.id, now=at)
    return over


def test_leads_are_counted_by_where_they_stand(backend: Backend) -> None:
    for number, status in enumerate((LeadStatus.READY, LeadStatus.READY, LeadStatus.QUALIFIED)):
        lead_number(backend, number, status=status)

    assert backend.board.leads_by_status(CAMPAIGN_ID) == {"qualified": 1, "ready": 2}
    assert backend.board.leads_by_status(CampaignId(new_id())) == {}


def test_leads_come_page_by_page_each_with_its_latest_call_and_decision(running: Backend) -> None:
    leads = [lead_number(running, number) for number in range(5)]
    attempt = dialled(running, leads[1])
    refused = make_permission(Verdict.DENY)
    running.calls.decline(replace(leads[2], status=LeadStatus.BLOCKED), refused)

    first = running.board.leads(CAMPAIGN_ID, limit=3)
    rest = running.board.leads(CAMPAIGN_ID, after=first[-1].place, limit=3)
    assert [look.lead.id for look in (*first, *rest)] == [lead.id for lead in leads]
    assert [look.last.id if look.last else None for look in first] == [None, attempt.id, None]
    decisions = [look.decision.verdict if look.decision else None for look in first]
    assert decisions == [None, Verdict.ALLOW, Verdict.DENY]
    [blocked] = running.board.leads(CAMPAIGN_ID, status=LeadStatus.BLOCKED, limit=3)
    assert blocked.lead.id == leads[2].id


def test_variants_are_told_apart(running: Backend) -> None:
    ended(running, 1, "appointment_set", heard="human", variant="a", answered_at=NOON)
    ended(running, 2, "no_answer", variant="a")
    ended(running, 3, "opted_out", heard="human", variant="b", answered_at=NOON)
    ended(running, 4, "qualified_hot", heard="human", variant="b", answered_at=NOON)
    lead_number(running, 5, variant="b")
    lead_number(running, 6)

    assert running.board.by_variant(CAMPAIGN_ID) == [
        VariantFigures(variant="a", leads=2, dials=2, conversations=1, qualified=1, appointments=1),
        VariantFigures(variant="b", leads=3, dials=2, conversations=2, qualified=1, opt_outs=1),
        VariantFigures(variant=None, leads=1),
    ]


def test_the_speed_to_lead_counts_those_whom_the_rules_let_us_ring(running: Backend) -> None:
    arrived = NOON + MINUTE

    def arrives(number: int, rung_after: float | None) -> Lead:
        lead = lead_number(running, number, created_at=arrived, asked_at=arrived - MINUTE)
        if rung_after is not None:
            dialled(running, lead, arrived + timedelta(seconds=rung_after))
        return lead

    arrives(1, 10)
    arrives(2, 50)
    arrives(3, 90)
    arrives(4, None)
    refused = arrives(5, None)
    running.calls.decline(refused, make_permission(Verdict.DEFER, at=arrived))
    before = NOON - MINUTE  # the campaign did not run yet
    lead_number(running, 6, created_at=before, asked_at=before)
    lead_number(running, 7, created_at=arrived, asked_at=arrived - timedelta(days=3))
    lead_number(running, 8, created_at=arrived)

    def figures(now: datetime) -> FirstCalls:
        return running.board.first_calls(CAMPAIGN_ID, within=MINUTE, since=NOON - timedelta(days=1), now=now)

    assert figures(arrived + 2 * MINUTE) == FirstCalls(
        within=MINUTE, arrived=5, allowed=4, in_time=2, p50_seconds=50, p95_seconds=90
    )
    early = figures(arrived + timedelta(seconds=55))
    assert (early.allowed, early.in_time, early.share) == (2, 2, 1)


def test_nobody_who_arrived_has_no_share(running: Backend) -> None:
    figures = running.board.first_calls(CAMPAIGN_ID, within=MINUTE, since=NOON, now=NOON)

    assert figures == FirstCalls(within=MINUTE)
    assert figures.share is None


def test_promises_are_counted(running: Backend) -> None:
    later = NOON + timedelta(hours=1)
    lead_number(running, 1, promised_at=later, next_attempt_at=later)
    lead_number(running, 2, promised_at=NOON, next_attempt_at=NOON)
    ended(running, 3, "no_answer", purpose=Purpose.CALLBACK)

    assert running.board.promises(CAMPAIGN_ID, NOON + MINUTE) == Promises(waiting=2, overdue=1, rung=1)


def test_calls_are_counted_for_the_breaker_each_once(running: Backend) -> None:
    answered: dict[str, Any] = {"answered_at": NOON, "duration_seconds": 40, "provider_result": "completed"}
    ended(running, 1, "failed_technical", provider_result="failed")
    ended(running, 2, "failed_technical", provider_result="canceled", end_reason="stopped")
    ended(running, 3, "no_answer", provider_result="no-answer")
    ended(running, 4, "opted_out", heard="human", first_audio_ms=400.0, **answered)
    ended(running, 5, "hung_up_early", heard="human", first_audio_ms=2500.0, **answered)
    ended(running, 6, "failed_technical", **answered)
    ended(running, 7, "voicemail", heard="voicemail", **answered)
    ended(running, 8, "voicemail", answered_by="machine_start", **answered)
    ended(running, 9, "hung_up_early", **answered | {"duration_seconds": 1})
    ended(running, 10, "failed_technical", at=NOON - timedelta(hours=2), provider_result="failed")
    dialled(running, lead_number(running, 11))

    since = NOON - timedelta(hours=1)
    assert running.campaign_calls.counts(CAMPAIGN_ID, since) == CallCounts(
        dials=9, failed=2, answered=4, abandoned=2, complaints=1
    )
    assert running.campaign_calls.live(CAMPAIGN_ID) == 1
    assert running.campaign_calls.counts(CampaignId(new_id()), since) == CallCounts()
