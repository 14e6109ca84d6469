"""Every AnswerGate lets through exactly whom it may, and keeps why."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.calls import AttemptState, CallAttempt, Verdict
from shared.calls.gate import GateRule, Passage, Seat
from shared.calls.stops import StopScope, StopSwitch
from shared.campaigns import Campaign, CampaignState, PauseReason
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import AttemptId, SellerId, new_id
from shared.leads import LeadStatus, SuppressionReason
from tests.contracts.backends import Backend
from tests.contracts.nouns import (
    CAMPAIGN_ID,
    NOON,
    PHONE,
    SELLER,
    make_campaign,
    make_report,
    make_suppression,
)

STRANGER = "018f0000-0000-7000-8000-000000000000"

SEAT = Seat(worker="w1", epoch="e1", url="wss://one.example.com")
OTHER = Seat(worker="w2", epoch="e9", url="wss://two.example.com")
LATER = NOON + timedelta(seconds=9)
UNTIL = NOON + timedelta(seconds=30)


def ringing(backend: Backend, *, seat: Seat | None = SEAT) -> CallAttempt:
    """A call that was dialled and rings."""
    backend.campaigns.save(make_campaign(state=CampaignState.RUNNING))
    attempt = backend.plan()
    if seat:
        backend.calls.begin_dialing(
            attempt.id, worker=seat.worker, slot_epoch=seat.epoch, worker_url=seat.url, talk_until=UNTIL, now=NOON
        )
    else:
        backend.calls.move(replace(attempt, state=AttemptState.RINGING))
    return attempt


def stop(scope: StopScope, target: str | None = None) -> StopSwitch:
    return StopSwitch(scope=scope, target=target, at=NOON, by="ada", reason="fire drill")


def test_a_call_that_may_be_talked_to_is_let_through_to_its_seat(backend: Backend) -> None:
    attempt = ringing(backend)

    assert backend.gate.answer(attempt.id, "CA1", now=LATER) == Passage(seat=SEAT)

    answered = backend.calls.get(attempt.id)
    assert (answered.state, answered.provider_sid, answered.answered_at) == (AttemptState.ANSWERED, "CA1", LATER)
    *_, kept = backend.calls.permissions(attempt.lead_id)
    assert (kept.at, kept.verdict) == (LATER, Verdict.ALLOW)
    assert [finding.rule for finding in kept.findings] == [rule.value for rule in GateRule]


def test_a_repeated_request_gets_the_same_answer_and_changes_nothing(backend: Backend) -> None:
    attempt = ringing(backend)
    first = backend.gate.answer(attempt.id, "CA1", now=LATER)
    known, kept = backend.calls.get(attempt.id), backend.calls.permissions(attempt.lead_id)

    assert backend.gate.answer(attempt.id, "CA1", now=LATER + timedelta(seconds=5)) == first
    assert backend.calls.get(attempt.id) == known
    assert backend.calls.permissions(attempt.lead_id) == kept


def test_who_was_let_through_was_not_turned_away_by_a_later_request(backend: Backend) -> None:
    attempt = ringing(backend)
    backend.gate.answer(attempt.id, "CA1", now=LATER)

    assert backend.gate.answer(attempt.id, "CA1", now=UNTIL + timedelta(minutes=1)).against == (GateRule.TIME,)
    assert backend.calls.get(attempt.id).end_reason is None


def test_a_second_ring_of_the_same_attempt_is_a_stranger(backend: Backend) -> None:
    attempt = ringing(backend)
    backend.gate.answer(attempt.id, "CA1", now=LATER)
    known = backend.calls.get(attempt.id)

    assert backend.gate.answer(attempt.id, "CA2", now=LATER) == Passage(against=(GateRule.CALL,))
    assert backend.calls.get(attempt.id) == known


def test_a_call_without_its_carriers_id_is_a_stranger(backend: Backend) -> None:
    assert GateRule.CALL in backend.gate.answer(ringing(backend).id, "", now=LATER).against


def test_a_call_that_belongs_to_another_attempt_is_refused(backend: Backend) -> None:
    first = ringing(backend)
    second = backend.plan(backend.add_lead(phone="+13125550143"))
    backend.calls.begin_dialing(second.id, worker="w1", slot_epoch="e1", worker_url="wss://one.example.com", now=NOON)
    backend.gate.answer(first.id, "CA1", now=LATER)

    with pytest.raises(Conflict):
        backend.gate.answer(second.id, "CA1", now=LATER)


@pytest.mark.parametrize(
    ("state", "against"),
    [
        (AttemptState.PLANNED, GateRule.ATTEMPT),
        (AttemptState.ENDED, GateRule.ATTEMPT),
        (AttemptState.STREAMING, GateRule.STREAM),
        (AttemptState.RECOVERING, GateRule.STREAM),
    ],
)
def test_an_attempt_that_is_not_ringing_is_a_stranger(backend: Backend, state: AttemptState, against: GateRule) -> None:
    backend.campaigns.save(make_campaign(state=CampaignState.RUNNING))
    attempt = backend.plan(worker="w1", slot_epoch="e1", worker_url="wss://one.example.com")
    if state is not AttemptState.PLANNED:
        ended_at = NOON if state is AttemptState.ENDED else None
        backend.calls.move(replace(attempt, state=state, ended_at=ended_at))
    kept = backend.calls.permissions(attempt.lead_id)

    assert backend.gate.answer(attempt.id, "CA1", now=LATER).against == (against,)
    assert backend.calls.get(attempt.id).provider_sid is None
    assert backend.calls.permissions(attempt.lead_id) == kept


def opt_out(backend: Backend, attempt: CallAttempt) -> None:
    backend.leads.save(backend.leads.get(attempt.lead_id).opted_out())


def suppress(backend: Backend, attempt: CallAttempt) -> None:
    backend.suppressions.add(make_suppression(reason=SuppressionReason.DO_NOT_CALL, seller_id=SELLER.id))


def pause(backend: Backend, attempt: CallAttempt) -> None:
    forbidden = {"paused_reason": PauseReason.COMPLIANCE, "paused_because": "no list"}
    backend.campaigns.save(make_campaign(state=CampaignState.PAUSED, **forbidden))


def void(backend: Backend, attempt: CallAttempt) -> None:
    backend.costs.void(attempt.id, now=NOON)


@pytest.mark.parametrize(
    ("happens", "against"),
    [
        (opt_out, GateRule.LEAD),
        (suppress, GateRule.SUPPRESSION),
        (pause, GateRule.CAMPAIGN),
        (lambda backend, _: backend.stops.throw(stop(StopScope.ALL)), GateRule.STOP),
        (lambda backend, _: backend.stops.throw(stop(StopScope.SELLER, SELLER.id)), GateRule.STOP),
        (lambda backend, _: backend.stops.throw(stop(StopScope.CAMPAIGN, CAMPAIGN_ID)), GateRule.STOP),
        (void, GateRule.MONEY),
    ],
    ids=["opted out", "suppressed", "paused", "all stopped", "seller stopped", "campaign stopped", "no money"],
)
def test_what_happens_while_it_rings_counts(
    backend: Backend, happens: Callable[[Backend, CallAttempt], None], against: GateRule
) -> None:
    attempt = ringing(backend)
    happens(backend, attempt)

    assert backend.gate.answer(attempt.id, "CA1", now=LATER).against == (against,)

    refused = backend.calls.get(attempt.id)
    assert (refused.state, refused.provider_sid) == (AttemptState.DIALING, "CA1")
    assert (refused.end_reason, refused.answered_at) == ("not_allowed", None)
    *_, kept = backend.calls.permissions(attempt.lead_id)
    assert kept.verdict is Verdict.DENY
    assert [finding.rule for finding in kept.findings if finding.verdict is Verdict.DENY] == [against]


@pytest.mark.parametrize(
    "campaign",
    [
        make_campaign(state=CampaignState.PAUSED, paused_reason=PauseReason.MANUAL, paused_because="lunch"),
        make_campaign(state=CampaignState.COMPLETED, ends_at=NOON),
    ],
    ids=["paused", "over"],
)
def test_who_was_rung_before_the_campaign_paused_or_ended_is_talked_to(backend: Backend, campaign: Campaign) -> None:
    attempt = ringing(backend)
    backend.campaigns.save(campaign)

    assert backend.gate.answer(attempt.id, "CA1", now=LATER) == Passage(seat=SEAT)


def test_a_lead_is_in_a_call_from_the_answer_on(backend: Backend) -> None:
    attempt = ringing(backend)
    suppressed = backend.plan(backend.add_lead(phone="+13125550143"))
    backend.gate.answer(suppressed.id, "CA2", now=LATER)

    backend.gate.answer(attempt.id, "CA1", now=LATER)
    backend.gate.answer(attempt.id, "CA1", now=LATER)

    assert backend.leads.get(attempt.lead_id).status is LeadStatus.IN_CALL
    assert backend.leads.get(suppressed.lead_id).status is LeadStatus.CLAIMED


def test_what_concerns_others_does_not_count(backend: Backend) -> None:
    attempt = ringing(backend)
    backend.suppressions.add(make_suppression(phone="+13125550199"))
    backend.stops.throw(stop(StopScope.SELLER, new_id()))
    backend.stops.throw(stop(StopScope.ALL))
    backend.stops.lift(StopScope.ALL, None, at=NOON, by="ada")

    assert backend.gate.answer(attempt.id, "CA1", now=LATER) == Passage(seat=SEAT)


def test_what_was_allowed_at_the_dial_is_allowed_until_then(backend: Backend) -> None:
    attempt = ringing(backend)

    late = backend.gate.answer(attempt.id, "CA1", now=UNTIL + timedelta(microseconds=1))
    assert late.against == (GateRule.TIME,)
    assert backend.gate.answer(attempt.id, "CA1", now=UNTIL) == Passage(seat=SEAT)


def test_without_a_worker_the_call_goes_nowhere(backend: Backend) -> None:
    attempt = ringing(backend, seat=None)

    assert backend.gate.answer(attempt.id, "CA1", now=LATER).against == (GateRule.WORKER,)
    assert backend.calls.get(attempt.id).end_reason == "no_worker"


def test_an_answer_that_was_told_earlier_keeps_its_moment(backend: Backend) -> None:
    attempt = ringing(backend)
    earlier = LATER - timedelta(seconds=2)
    backend.calls.move(replace(backend.calls.get(attempt.id), state=AttemptState.ANSWERED, answered_at=earlier))

    assert backend.gate.answer(attempt.id, "CA1", now=LATER) == Passage(seat=SEAT)
    assert backend.calls.get(attempt.id).answered_at == earlier


@pytest.mark.parametrize("attempt_id", [STRANGER, "nobody"])
def test_there_is_nothing_to_know_of_an_unknown_attempt(backend: Backend, attempt_id: str) -> None:
    with pytest.raises(NotFound):
        backend.gate.answer(AttemptId(attempt_id), "CA1", now=LATER)
    with pytest.raises(NotFound):
        backend.gate.broken(AttemptId(attempt_id), "CA1")


def test_a_broken_call_is_known_with_all_that_bears_on_it(backend: Backend) -> None:
    attempt = ringing(backend)
    backend.gate.answer(attempt.id, "CA1", now=LATER)

    broken = backend.gate.broken(attempt.id, "CA1")
    assert (broken.is_over, broken.is_ours, broken.has_opted_out) == (False, True, False)
    assert (broken.ended_by, broken.recoveries, broken.seat) == (None, 0, SEAT)
    assert not backend.gate.broken(attempt.id, "CA2").is_ours

    backend.reports.add(make_report(attempt, ended_by="agent"))
    backend.suppressions.add(make_suppression(phone=PHONE))
    broken = backend.gate.broken(attempt.id, "CA1")
    assert (broken.ended_by, broken.has_opted_out) == ("agent", True)


def test_a_report_counts_for_its_own_stream_only(backend: Backend) -> None:
    attempt = ringing(backend)
    backend.gate.answer(attempt.id, "CA1", now=LATER)
    backend.reports.add(make_report(attempt, ended_by="error"))
    assert backend.gate.broken(attempt.id, "CA1").ended_by == "error"

    assert backend.gate.reconnect(attempt.id, OTHER, recoveries=0)
    assert backend.gate.broken(attempt.id, "CA1").ended_by is None


def test_of_two_who_reconnect_a_call_at_once_one_does(backend: Backend) -> None:
    attempt = ringing(backend)
    backend.gate.answer(attempt.id, "CA1", now=LATER)

    assert backend.gate.reconnect(attempt.id, OTHER, recoveries=0)
    assert not backend.gate.reconnect(attempt.id, SEAT, recoveries=0)
    moved = backend.calls.get(attempt.id)
    assert (moved.state, moved.recoveries) == (AttemptState.RECOVERING, 1)
    assert backend.gate.broken(attempt.id, "CA1").seat == OTHER


def test_what_is_over_is_neither_reconnected_nor_lost(backend: Backend) -> None:
    attempt = ringing(backend)
    over = replace(backend.calls.get(attempt.id), state=AttemptState.ENDED, ended_at=NOON)
    backend.calls.move(over)

    assert not backend.gate.reconnect(attempt.id, OTHER, recoveries=0)
    backend.gate.lose(attempt.id, call_back_at=LATER)
    assert backend.calls.get(attempt.id) == over
    assert backend.leads.get(attempt.lead_id).promised_at is None


def test_who_was_lost_is_promised_a_call_back_once(backend: Backend) -> None:
    attempt = ringing(backend)

    assert backend.gate.lose(attempt.id, call_back_at=LATER)
    assert backend.gate.lose(attempt.id, call_back_at=LATER + timedelta(hours=1))

    assert backend.leads.get(attempt.lead_id).promised_at == LATER
    assert backend.calls.get(attempt.id).end_reason == "lost_connection"


@pytest.mark.parametrize(
    ("promised", "stands"),
    [
        (NOON - timedelta(minutes=1), LATER),
        (LATER + timedelta(days=1), LATER + timedelta(days=1)),
    ],
)
def test_of_two_promises_the_later_one_is_kept(backend: Backend, promised: datetime, stands: datetime) -> None:
    attempt = ringing(backend)
    backend.leads.save(replace(backend.leads.get(attempt.lead_id), promised_at=promised))

    assert backend.gate.lose(attempt.id, call_back_at=LATER)
    assert backend.leads.get(attempt.lead_id).promised_at == stands


def test_who_was_lost_too_often_is_promised_nothing_more(backend: Backend) -> None:
    promised = []
    lead = backend.add_lead()
    for number in range(1, 4):
        attempt = backend.plan(backend.leads.get(lead.id), attempt_no=number)
        backend.calls.begin_dialing(attempt.id, worker="w1", slot_epoch="e1", now=NOON)
        promised.append(backend.gate.lose(attempt.id, call_back_at=LATER))
        lost = backend.calls.get(attempt.id)
        over = backend.calls.move(replace(lost, state=AttemptState.ENDED, ended_at=NOON))
        claimed = backend.leads.get(lead.id)
        backend.calls.close(over, replace(claimed, status=LeadStatus.READY, next_attempt_at=NOON), "failed_technical")

    assert promised == [True, True, False]
    assert backend.leads.get(lead.id).promised_at is None


def test_who_opted_out_is_promised_nothing(backend: Backend) -> None:
    attempt = ringing(backend)
    opt_out(backend, attempt)

    assert not backend.gate.lose(attempt.id, call_back_at=LATER)

    lead = backend.leads.get(attempt.lead_id)
    assert (lead.status, lead.promised_at) == (LeadStatus.OPTED_OUT, None)


def test_a_stop_of_another_seller_is_none_of_ours(backend: Backend) -> None:
    attempt = ringing(backend)
    backend.stops.throw(stop(StopScope.SELLER, SellerId(new_id())))

    assert backend.gate.answer(attempt.id, "CA1", now=LATER).against == ()
