"""Due leads are taken by one round at a time, and a phone rings only while everything still allows it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.calls import AttemptState, CallAttempt, Direction, Purpose
from shared.calls.claims import CampaignFull
from shared.calls.stops import StopScope, StopSwitch
from shared.campaigns import CampaignState
from shared.campaigns.calling_plan import CallingPlan
from shared.kernel.errors import Conflict
from shared.kernel.ids import AttemptId, CampaignId, LeadId, SellerId
from shared.kernel.money import ZERO
from shared.kernel.outbox import NewMessage
from shared.leads import Lead, LeadStatus
from tests.contracts.backends import Backend
from tests.contracts.nouns import (
    BUDGET_ID,
    CAMPAIGN_ID,
    NOON,
    SELLER,
    make_attempt,
    make_campaign,
    make_permission,
    make_reservation,
)

UNTIL = NOON + timedelta(seconds=30)
OTHER = "01900000-0000-7000-8000-0000000000aa"


def people(backend: Backend, **changes: tuple[object, ...]) -> list[Lead]:
    """One lead for each value of every change."""
    many = max(len(values) for values in changes.values())
    return [
        backend.add_lead(phone=f"+1312555{n:04}", **{name: values[n] for name, values in changes.items()})
        for n in range(many)
    ]


def take(backend: Backend, limit: int = 10, *, at: timedelta = timedelta(0)) -> list[Lead]:
    return list(backend.calls.take_due(CAMPAIGN_ID, NOON + at, limit=limit, until=UNTIL + at))


def dialling(backend: Backend, attempt: CallAttempt, *messages: NewMessage) -> bool:
    return backend.calls.begin_dialing(attempt.id, *messages, worker="w1", slot_epoch="e1", now=NOON)


def test_leads_are_taken_as_they_were_and_by_nobody_else_for_a_while(backend: Backend) -> None:
    leads = people(backend, next_attempt_at=(NOON, NOON - timedelta(hours=1), NOON + timedelta(seconds=1)))

    assert take(backend, 2) == [leads[1], leads[0]]
    assert take(backend) == []
    assert take(backend, at=timedelta(seconds=31)) == [
        leads[2],
        *(replace(lead, next_attempt_at=UNTIL) for lead in sorted(leads[:2], key=lambda lead: lead.id)),
    ]


def test_call_backs_come_before_priority_and_priority_before_waiting(backend: Backend) -> None:
    hour = timedelta(hours=1)
    _, vip, promised, vip_first = people(
        backend,
        priority=(0, 5, 0, 5),
        next_attempt_at=(NOON - 3 * hour, NOON, NOON, NOON - hour),
        promised_at=(None, None, NOON, None),
    )

    assert [lead.id for lead in take(backend, 3)] == [promised.id, vip_first.id, vip.id]


def test_what_a_round_does_not_come_to_is_due_again_at_once(backend: Backend) -> None:
    leads = people(backend, next_attempt_at=(NOON, NOON))
    taken = take(backend)
    backend.calls.plan(attempt := make_attempt(leads[0]), leads[0], make_permission(), make_reservation(attempt))

    backend.calls.give_back(taken, until=UNTIL)

    assert take(backend) == [leads[1]]
    assert backend.leads.get(leads[0].id).status is LeadStatus.CLAIMED


def test_a_campaign_is_worked_off_once_nobody_waits(backend: Backend) -> None:
    assert not backend.calls.is_worked_off(CAMPAIGN_ID)
    lead = backend.add_lead()
    assert not backend.calls.is_worked_off(CAMPAIGN_ID)

    backend.leads.save(replace(lead, status=LeadStatus.UNREACHABLE, next_attempt_at=None))
    assert backend.calls.is_worked_off(CAMPAIGN_ID)


def test_a_plan_too_many_changes_nothing(backend: Backend) -> None:
    backend.campaigns.save(make_campaign(max_concurrency=1))
    first, second = people(backend, next_attempt_at=(NOON, NOON))
    backend.calls.plan(attempt := make_attempt(first), first, make_permission(), make_reservation(attempt))
    held = backend.costs.budget(BUDGET_ID).pending

    with pytest.raises(CampaignFull):
        backend.calls.plan(attempt := make_attempt(second), second, make_permission(), make_reservation(attempt))

    assert backend.leads.get(second.id) == second
    assert backend.calls.of_lead(second.id) == []
    assert backend.costs.budget(BUDGET_ID).pending == held > ZERO


def test_a_plan_too_many_for_one_minute_changes_nothing(backend: Backend) -> None:
    backend.campaigns.save(make_campaign(plan=CallingPlan(calls_per_minute=2)))
    *three, last = people(backend, next_attempt_at=(NOON,) * 4)
    for lead in three[:2]:
        backend.calls.plan(attempt := make_attempt(lead), lead, make_permission(), make_reservation(attempt))
    backend.run()
    dialling(backend, backend.calls.of_lead(three[0].id)[0])

    late = make_attempt(last, planned_at=NOON + timedelta(seconds=61))
    with pytest.raises(CampaignFull):
        backend.calls.plan(attempt := make_attempt(three[2]), three[2], make_permission(), make_reservation(attempt))
    backend.calls.plan(late, last, make_permission(), make_reservation(late))

    assert backend.leads.get(three[2].id) == three[2]


def test_calls_that_came_to_us_do_not_count_among_those_that_we_make(backend: Backend) -> None:
    backend.plan(direction=Direction.INBOUND, purpose=Purpose.INBOUND)

    assert backend.calls.live_in_campaign(CAMPAIGN_ID) == 0
    assert backend.calls.dialled_since(CAMPAIGN_ID, NOON) == 0


def test_dials_are_counted_with_those_to_come(backend: Backend) -> None:
    first, second = people(backend, next_attempt_at=(NOON, NOON))
    rung = backend.plan(first)
    dialling(backend, rung)
    backend.calls.move(replace(backend.calls.get(rung.id), state=AttemptState.ENDED, ended_at=NOON))
    backend.plan(second)

    assert backend.calls.dialled_since(CAMPAIGN_ID, NOON) == 2
    assert backend.calls.dialled_since(CAMPAIGN_ID, NOON + timedelta(seconds=1)) == 1
    assert backend.calls.dialled_since(CampaignId(OTHER), NOON) == 0


def test_who_begins_to_dial_says_where_and_until_when_and_what_follows(backend: Backend) -> None:
    attempt = backend.plan()
    until = NOON + timedelta(hours=1)
    look = NewMessage(topic="reconcile", body={"attempt_id": attempt.id})

    assert backend.calls.begin_dialing(
        attempt.id, look, worker="w1", slot_epoch="e1", worker_url="ws://w", talk_until=until, now=NOON
    )
    assert not backend.calls.begin_dialing(attempt.id, look, worker="w2", slot_epoch="e2", now=NOON)

    begun = backend.calls.get(attempt.id)
    assert (begun.worker, begun.slot_epoch, begun.worker_url, begun.talk_until) == ("w1", "e1", "ws://w", until)
    assert backend.outbox.waiting() == {"reconcile": 1}


@pytest.mark.parametrize(
    ("scope", "target", "rings"),
    [
        (StopScope.ALL, None, False),
        (StopScope.SELLER, SELLER.id, False),
        (StopScope.CAMPAIGN, CAMPAIGN_ID, False),
        (StopScope.CAMPAIGN, OTHER, True),
    ],
)
def test_no_phone_rings_once_a_switch_is_thrown(
    backend: Backend, scope: StopScope, target: str | None, rings: bool
) -> None:
    attempt = backend.plan()
    backend.stops.throw(StopSwitch(scope=scope, target=target, at=NOON, by="ops", reason="drill"))

    assert dialling(backend, attempt) is rings
    backend.stops.lift(scope, target, at=NOON, by="ops")
    assert dialling(backend, attempt) is not rings


def test_no_phone_rings_in_a_campaign_that_was_paused(backend: Backend) -> None:
    attempt = backend.plan()
    backend.campaigns.save(make_campaign(state=CampaignState.PAUSED))

    assert not dialling(backend, attempt)


def test_no_phone_rings_of_somebody_who_opted_out(backend: Backend) -> None:
    attempt = backend.plan()
    backend.leads.save(backend.leads.get(attempt.lead_id).opted_out())

    assert not dialling(backend, attempt)


def test_what_rings_unanswered_is_found_by_seller_and_campaign(backend: Backend) -> None:
    first, second, third = people(backend, next_attempt_at=(NOON, NOON, NOON))
    ringing, talking = backend.plan(first), backend.plan(second)
    backend.plan(third, direction=Direction.INBOUND, purpose=Purpose.INBOUND)
    dialling(backend, talking)
    backend.calls.move(
        replace(backend.calls.get(talking.id), state=AttemptState.ANSWERED, provider_sid="CA1", answered_at=NOON)
    )

    def found(seller: str | None = None, campaign: str | None = None) -> list[AttemptId]:
        attempts = backend.calls.unanswered(
            seller_id=SellerId(seller) if seller else None, campaign_id=CampaignId(campaign) if campaign else None
        )
        return [attempt.id for attempt in attempts]

    assert found() == found(SELLER.id) == found(campaign=CAMPAIGN_ID) == [ringing.id]
    assert found(OTHER) == found(campaign=OTHER) == []
    assert backend.calls.owner_of("CA1") == talking.id
    assert backend.calls.owner_of("CA2") is None


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (LeadStatus.READY, LeadStatus.NEW),
        (LeadStatus.QUALIFIED, LeadStatus.CLAIMED),
        (LeadStatus.QUALIFIED, LeadStatus.READY),
        (LeadStatus.INVALID, LeadStatus.READY),
        (LeadStatus.UNREACHABLE, LeadStatus.NEW),
    ],
)
def test_no_lead_moves_backward(backend: Backend, was: LeadStatus, becomes: LeadStatus) -> None:
    lead = backend.add_lead(status=was, next_attempt_at=None)

    with pytest.raises(Conflict):
        backend.leads.save(replace(lead, status=becomes))
    assert backend.leads.get(LeadId(lead.id)).status is was


def test_who_was_promised_a_call_back_waits_for_it(backend: Backend) -> None:
    lead = backend.add_lead(status=LeadStatus.QUALIFIED, next_attempt_at=None)

    backend.leads.save(replace(lead, status=LeadStatus.READY, next_attempt_at=NOON, promised_at=NOON))
    assert [each.id for each in take(backend)] == [lead.id]


def test_a_lead_that_is_being_called_is_not_freed(backend: Backend) -> None:
    attempt = backend.plan()
    claimed = backend.leads.get(attempt.lead_id)

    with pytest.raises(Conflict):
        backend.leads.save(claimed.postponed_to(NOON))
    backend.calls.move(replace(attempt, state=AttemptState.CANCELLED, ended_at=NOON))
    backend.leads.save(claimed.postponed_to(NOON))
