"""Thirty-two at once: PostgreSQL alone decides who was first, and it is always one."""

from dataclasses import replace
from datetime import timedelta

from shared.appointments import SlotTaken
from shared.calls import AttemptState, CallAttempt
from shared.campaigns import Campaign, CampaignState
from shared.costs import BudgetExhausted
from shared.kernel.errors import Conflict
from shared.kernel.ids import CampaignId, LeadId, new_id
from shared.kernel.money import ZERO, Money
from shared.kernel.outbox import NewMessage
from shared.leads import Lead, LeadStatus
from shared.leads.ports import CampaignOver
from tests.contracts.backends import Backend
from tests.contracts.nouns import (
    BUDGET_ID,
    CAMPAIGN_ID,
    NOON,
    PHONE,
    make_agent,
    make_appointment,
    make_attempt,
    make_campaign,
    make_consent,
    make_event,
    make_lead,
    make_line,
    make_permission,
    make_report,
    make_reservation,
    make_suppression,
)
from tests.contracts.race import at_once

MANY = 32


def plan(backend: Backend, lead: Lead, *, dollars: str = "0.01", attempt_no: int = 1) -> bool | str:
    attempt = make_attempt(lead, campaign_id=lead.campaign_id or CAMPAIGN_ID, attempt_no=attempt_no)
    try:
        backend.calls.plan(attempt, lead, make_permission(), make_reservation(attempt, dollars))
    except BudgetExhausted:
        return "no money"
    except Conflict:
        return False
    return True


def people(backend: Backend, many: int = MANY) -> list[Lead]:
    leads = [make_lead(phone=f"+1312555{number:04d}") for number in range(many)]
    backend.leads.add(leads, [make_consent(lead) for lead in leads])
    return leads


def test_a_budget_is_never_overspent(backend: Backend) -> None:
    leads = people(backend)

    planned = at_once(MANY, lambda number: plan(backend, leads[number], dollars="0.75"))

    assert planned.count(True) == 13  # ten dollars hold thirteen times 75 cents
    assert planned.count("no money") == MANY - 13
    assert backend.costs.budget(BUDGET_ID).pending == Money.usd("9.75")
    assert sum(backend.leads.get(lead.id).status is LeadStatus.CLAIMED for lead in leads) == 13


def test_settling_and_reserving_at_once_keeps_the_limit(backend: Backend) -> None:
    leads = people(backend)
    attempts: list[CallAttempt] = [backend.plan(lead) for lead in leads[:10]]  # a dollar each: all there is

    def either(number: int) -> bool | str:
        if number < 10:
            attempt = attempts[number]
            return backend.settle(attempt, make_line("0.5"))
        return plan(backend, leads[number], dollars="0.5")

    done = at_once(MANY, either)

    budget = backend.costs.budget(BUDGET_ID)
    assert done[:10] == [True] * 10
    assert budget.posted == Money.usd("5")
    assert budget.pending == Money.usd("0.5").times(done[10:].count(True))
    assert budget.headroom >= ZERO
    assert backend.costs.ledger_imbalance() == ZERO


def test_an_attempt_is_settled_once(backend: Backend) -> None:
    attempt = backend.plan()

    done = at_once(MANY, lambda _: backend.settle(attempt, make_line()))

    assert done.count(True) == 1
    assert backend.costs.budget(BUDGET_ID).posted == Money.usd("0.25")


def test_a_phone_has_one_live_attempt_over_all_campaigns(backend: Backend) -> None:
    leads = []
    for _ in range(MANY):
        campaign = make_campaign(id=CampaignId(new_id()))
        backend.campaigns.save(campaign)
        leads.append(backend.add_lead(campaign_id=campaign.id))

    planned = at_once(MANY, lambda number: plan(backend, leads[number]))

    assert planned.count(True) == 1
    assert backend.calls.facts(PHONE, since=NOON).live_attempts == 1
    assert backend.costs.budget(BUDGET_ID).pending == Money.usd("0.01")


def test_a_lead_comes_before_its_campaign_is_over_or_is_refused(backend: Backend) -> None:
    for campaign_id in (CampaignId(new_id()) for _ in range(20)):
        running = make_campaign(id=campaign_id, state=CampaignState.RUNNING)
        backend.campaigns.save(running)
        done = backend.add_lead(campaign_id=campaign_id)
        backend.leads.save(replace(done, status=LeadStatus.UNREACHABLE, next_attempt_at=None))

        def act(number: int, running: Campaign = running) -> bool:
            if number == 0:
                return backend.campaigns.complete(replace(running, state=CampaignState.COMPLETED), was=running)
            try:
                backend.add_lead(campaign_id=running.id, phone=f"+1312555{number:04d}")
            except CampaignOver:
                return False
            return True

        was_completed, *came = at_once(4, act)
        assert not (was_completed and any(came))
        assert was_completed or any(came)


def test_a_lead_is_claimed_once(backend: Backend) -> None:
    lead = backend.add_lead()

    planned = at_once(MANY, lambda number: plan(backend, lead, attempt_no=number + 1))

    assert planned.count(True) == 1
    assert len(backend.calls.of_lead(lead.id)) == 1


def test_a_slot_is_booked_once(backend: Backend) -> None:
    agent, lead = make_agent(), backend.add_lead()
    backend.appointments.add_agent(agent)

    def book(number: int) -> bool:
        starts_at = NOON + timedelta(days=1, minutes=number % 3 * 10)  # overlapping, not equal
        try:
            backend.appointments.book(
                make_appointment(agent, lead, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30))
            )
        except SlotTaken:
            return False
        return True

    assert at_once(MANY, book).count(True) == 1
    assert len(backend.appointments.of_lead(lead.id)) == 1


def test_one_begins_to_dial(backend: Backend) -> None:
    attempt = backend.plan()

    begun = at_once(MANY, lambda n: backend.calls.begin_dialing(attempt.id, worker=f"w{n}", slot_epoch="e", now=NOON))

    assert begun.count(True) == 1


def test_a_callback_delivered_by_many_is_received_once(backend: Backend) -> None:
    attempt = backend.plan()
    status = NewMessage(topic="status", body={})

    received = at_once(MANY, lambda _: backend.calls.receive(make_event(attempt), status))

    assert received.count(True) == 1
    assert backend.outbox.waiting() == {"status": 1}


def test_a_report_sent_by_many_asks_for_one_closing(backend: Backend) -> None:
    attempt = backend.plan()

    at_once(MANY, lambda _: backend.reports.add(make_report(attempt)))

    assert backend.outbox.waiting() == {"close": 1}


def test_a_call_is_closed_once(backend: Backend) -> None:
    lead = backend.add_lead()
    attempt = backend.plan(lead)
    over = backend.calls.move(replace(attempt, state=AttemptState.ENDED, ended_at=NOON))

    closed = at_once(MANY, lambda n: backend.calls.close(over, replace(lead, attempts=n), "busy"))

    assert closed.count(True) == 1


def test_an_opt_out_wins_over_every_claim(backend: Backend) -> None:
    lead = backend.add_lead()

    def either(number: int) -> None:
        if number % 2:
            backend.suppressions.add(make_suppression())
        else:
            plan(backend, lead)

    at_once(MANY, either)

    assert backend.leads.get(LeadId(lead.id)).status is LeadStatus.OPTED_OUT


def test_a_message_is_leased_by_one(backend: Backend) -> None:
    backend.outbox.put([NewMessage(topic="dial", body={"n": n}, group=str(n % 5)) for n in range(100)], NOON)

    leased = at_once(
        MANY,
        lambda _: backend.outbox.lease(topic="dial", now=NOON, lease_for=timedelta(minutes=1), limit=5),
    )
    rest = backend.outbox.lease(topic="dial", now=NOON, lease_for=timedelta(minutes=1), limit=100)

    numbers = [message.body["n"] for batch in [*leased, rest] for message in batch]
    assert sorted(numbers) == list(range(100))
