"""From a row in a list to an appointment in a calendar and a settled cent in the ledger: read this first.

Everything is real but the telephone line: PostgreSQL, Redis, every door of ``template.yaml`` and the messages between
them. The carrier only notes whom it was asked to ring; the tests tell its callbacks, and hold the conversations as
text between the voice node's agents and the simulated people of the demo.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shared.appointments import Slot
from shared.appointments.availability import is_within_hours
from shared.calls.decide import RULES
from shared.calls.gate import GateRule
from shared.kernel.money import ZERO, Money
from shared.leads import LeadStatus
from shared.storage.engine import make_engine
from shared.storage.tables import ledger_entries, ledger_transactions
from tests.journey.road import Call, Road, persona

pytestmark = pytest.mark.real_servers

MARIA = persona("Maria Lopez")  # wants to sell, takes the first time offered
JAMES = persona("James Wilson")  # wants to be left alone
KEONI = persona("Keoni Kahale")  # lives in Honolulu, where it is early in the morning
EMILY = persona("Emily Stone")  # agreed to text messages, not to calls
PAUL = persona("Paul Young")  # does not pick up
NANCY = persona("Nancy King")  # has a voicemail


def test_a_row_becomes_an_appointment_and_every_cent_is_accounted_for(road: Road, database_url: str) -> None:
    campaign_id = road.start_campaign(MARIA)

    road.a_minute_passes()
    [call] = road.calls_to(MARIA.phone)
    assert "<Stream" in call.is_picked_up()
    report = call.is_held_with(MARIA)

    lead = road.lead(campaign_id, MARIA.name)
    assert (lead.status, lead.disposition, lead.attempts) == (LeadStatus.QUALIFIED, "appointment_set", 1)
    assert (lead.score or 0) >= 70
    assert {"timeline", "agent_status"} <= {fact.field for fact in report.facts}

    [appointment] = road.services.appointments.of_lead(lead.id)
    agents = {agent.id: agent for agent in road.services.appointments.agents(lead.seller_id)}
    slot = Slot(agent_id=appointment.agent_id, starts_at=appointment.starts_at, ends_at=appointment.ends_at)
    assert is_within_hours(agents[appointment.agent_id], slot)
    assert appointment.starts_at > road.clock.now()
    assert appointment.attempt_id == call.attempt_id

    lines = road.services.costs.lines(call.attempt_id)
    spent = sum((line.amount for line in lines), ZERO)
    assert ZERO < spent < Money.usd("0.10")
    assert settled(database_url, call) == spent
    budget = road.services.costs.budget(road.services.campaigns.get(campaign_id).budget_id)
    assert (budget.posted, budget.pending) == (spent, ZERO)
    assert road.services.costs.ledger_imbalance() == ZERO

    road.a_minute_passes()
    assert road.ask("GET", f"/v1/campaigns/{campaign_id}")["campaign"]["state"] == "completed"


def test_every_decision_is_kept_with_what_each_rule_found(road: Road) -> None:
    road.start_campaign(MARIA)
    road.a_minute_passes()
    [call] = road.calls_to(MARIA.phone)
    call.is_picked_up()

    decisions = call.shown()["permissions"]

    assert len(decisions) == 3  # when the lead was claimed, right before the dial, at the answer
    assert [decision["verdict"] for decision in decisions] == ["allow"] * 3
    assert [len(decision["findings"]) for decision in decisions] == [len(RULES), len(RULES), len(GateRule)]
    [consent] = [finding for finding in decisions[0]["findings"] if finding["rule"] == "consent.ai_voice"]
    assert (consent["verdict"], bool(consent["evidence"])) == ("allow", True)


def test_who_says_stop_is_never_rung_again(road: Road) -> None:
    campaign_id = road.start_campaign(JAMES)
    road.a_minute_passes()
    [call] = road.calls_to(JAMES.phone)
    call.is_picked_up()

    report = call.is_held_with(JAMES, lasts=timedelta(seconds=20))

    assert report.opted_out
    assert road.lead(campaign_id, JAMES.name).status is LeadStatus.OPTED_OUT
    [entry, *_] = road.services.suppressions.of_phone(JAMES.phone)
    assert (entry.reason, entry.seller_id) == ("opt_out", None)  # the whole installation leaves him alone
    assert entry.evidence

    second = road.start_campaign(JAMES, name="Another list")
    for _ in range(3):
        road.clock.moment += timedelta(days=1)
        road.a_minute_passes()
    assert road.calls_to(JAMES.phone) == [call]
    assert road.lead(second, JAMES.name).status is LeadStatus.OPTED_OUT
    assert road.services.costs.ledger_imbalance() == ZERO


def test_where_it_is_too_early_nobody_is_rung_until_the_hour_comes(road: Road) -> None:
    campaign_id = road.start_campaign(KEONI)
    road.a_minute_passes()

    waiting = road.lead(campaign_id, KEONI.name)
    [shown] = road.ask("GET", f"/v1/campaigns/{campaign_id}")["leads"]
    assert road.calls_to(KEONI.phone) == []
    assert shown["not_called_because"] == ["outside calling hours where the person may be"]
    assert waiting.status is LeadStatus.READY
    assert waiting.next_attempt_at is not None
    assert waiting.next_attempt_at > road.clock.now()

    road.clock.moment = waiting.next_attempt_at - timedelta(minutes=2)
    road.a_minute_passes()
    assert road.calls_to(KEONI.phone) == []
    road.a_minute_passes()
    assert len(road.calls_to(KEONI.phone)) == 1


def test_without_consent_to_calls_nobody_is_rung(road: Road) -> None:
    campaign_id = road.start_campaign(EMILY)

    road.a_minute_passes()

    assert road.calls_to(EMILY.phone) == []
    assert road.lead(campaign_id, EMILY.name).status is LeadStatus.BLOCKED
    [shown] = road.ask("GET", f"/v1/campaigns/{campaign_id}")["leads"]
    assert any("consent" in reason for reason in shown["not_called_because"])


def test_who_does_not_pick_up_is_rung_again_by_the_cadence(road: Road) -> None:
    campaign_id = road.start_campaign(PAUL)
    road.a_minute_passes()
    [call] = road.calls_to(PAUL.phone)

    call.rings_out()

    lead = road.lead(campaign_id, PAUL.name)
    assert (lead.status, lead.disposition) == (LeadStatus.READY, "no_answer")
    assert lead.next_attempt_at == road.clock.now() + timedelta(hours=4)
    road.a_minute_passes()
    assert road.calls_to(PAUL.phone) == [call]
    road.clock.moment = lead.next_attempt_at
    road.a_minute_passes()
    assert len(road.calls_to(PAUL.phone)) == 2
    assert road.lead(campaign_id, PAUL.name).attempts == 2


def test_a_voicemail_is_not_talked_to_and_the_person_is_rung_the_next_day(road: Road) -> None:
    campaign_id = road.start_campaign(NANCY)
    road.a_minute_passes()
    [call] = road.calls_to(NANCY.phone)
    call.is_picked_up(by="machine_start")

    report = call.is_held_with(NANCY, lasts=timedelta(seconds=8))

    lead = road.lead(campaign_id, NANCY.name)
    assert report.heard == "voicemail"
    assert (lead.status, lead.disposition) == (LeadStatus.READY, "voicemail")
    assert lead.next_attempt_at is not None
    assert lead.next_attempt_at >= road.clock.now() + timedelta(hours=20)
    assert lead.next_attempt_at <= road.clock.now() + timedelta(days=1)


def settled(database_url: str, call: Call) -> Money:
    """What the ledger says was spent on the call; its entries sum to zero, budget and expenses together."""
    engine = make_engine(database_url, pool_size=1)
    entries = (
        select(ledger_entries.c.account, ledger_entries.c.amount_micro_usd)
        .join(ledger_transactions, ledger_transactions.c.id == ledger_entries.c.transaction_id)
        .where(ledger_transactions.c.ref == f"settle/{call.attempt_id}")
    )
    with engine.connect() as db:
        rows = db.execute(entries).all()
    engine.dispose()
    assert sum(row.amount_micro_usd for row in rows) == 0
    return Money(sum(row.amount_micro_usd for row in rows if row.account.startswith("expense/")))
