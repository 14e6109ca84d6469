"""Every alert repository, usage book and cost report keeps the same promises."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.calls import AttemptState, CallAttempt, Direction
from shared.costs import Alert, Component, Level, Unit
from shared.costs.booking import Account, Booking, truing_up
from shared.costs.reconcile_usage import BookedUsage, CallGap, UsageCheck
from shared.kernel.ids import BudgetId, CampaignId, new_id
from shared.kernel.money import ZERO, Money
from shared.reports.cost_report import By, CostQuery, CostRow
from tests.contracts.backends import Backend
from tests.contracts.nouns import (
    CAMPAIGN_ID,
    NOON,
    SELLER,
    make_agent,
    make_appointment,
    make_attempt,
    make_budget,
    make_campaign,
    make_line,
    make_permission,
    make_report,
    make_reservation,
)

DAY = NOON.date()
VOICE = Component.CARRIER_VOICE, "twilio"


def make_alert(**changed: Any) -> Alert:
    given: dict[str, Any] = {
        "id": new_id(),
        "key": "limit:1",
        "level": Level.WARNING,
        "kind": "limit",
        "at": NOON,
        "reason": "the limit is used to 80 %",
        "seller_id": SELLER.id,
        "evidence": {"limit_micro_usd": 5},
    }
    return Alert(**given | changed)


def make_check(**changed: Any) -> UsageCheck:
    given: dict[str, Any] = {
        "day": DAY,
        "category": "calls-outbound",
        "our_count": 2,
        "ours": Money.usd("0.25"),
        "their_count": 2,
        "theirs": Money.usd("0.28"),
        "at": NOON,
        "gaps": (CallGap(sid="CA1", ours=ZERO, theirs=None), CallGap(sid="CA2", ours=ZERO, theirs=Money(5))),
    }
    return UsageCheck(**given | changed)


def call(backend: Backend, number: int, *dollars: str, heard: str = "nobody", **told: Any) -> CallAttempt:
    """A call that is over, settled for voice and whatever else is given as ``vendor=dollars``."""
    lead = backend.add_lead(phone=f"+1312555{number:04d}", **told.pop("lead", {}))
    attempt = make_attempt(lead, **told.pop("attempt", {}))
    backend.calls.plan(attempt, lead, make_permission(), make_reservation(attempt, "0.30"))
    over = replace(
        attempt, state=AttemptState.ENDED, provider_sid=f"CA{number}", ended_at=NOON, duration_seconds=60, **told
    )
    backend.calls.begin_dialing(attempt.id, worker="w1", slot_epoch="e1", now=NOON)
    backend.calls.move(over)
    backend.settle(attempt, *(make_line(amount) for amount in dollars))
    if heard != "nobody":
        backend.reports.add(make_report(attempt, heard=heard))
    return over


def query(by: By = By.ALL, **changed: Any) -> CostQuery:
    given: dict[str, Any] = {"since": NOON - timedelta(days=1), "until": NOON + timedelta(days=1), "by": by}
    return CostQuery(**given | changed)


def test_an_alert_is_kept_once_for_its_key(backend: Backend) -> None:
    first = make_alert()

    assert backend.alerts.add(first)
    assert not backend.alerts.add(make_alert(level=Level.CRITICAL))
    assert backend.alerts.known(["limit:1", "limit:2"]) == {"limit:1"}
    assert list(backend.alerts.since(NOON)) == [first]
    assert list(backend.alerts.since(NOON + timedelta(seconds=1))) == []


def test_alerts_wait_until_they_are_sent(backend: Backend) -> None:
    later, first = make_alert(key="b", at=NOON + timedelta(minutes=1)), make_alert(key="a", seller_id=None)
    backend.alerts.add(later)
    backend.alerts.add(first)

    assert list(backend.alerts.unsent()) == [first, later]
    backend.alerts.mark_sent(first.id, now=NOON)
    assert list(backend.alerts.unsent()) == [later]
    assert list(backend.alerts.since(NOON)) == [later, replace(first, sent_at=NOON)]


def test_a_comparison_is_kept_over_an_earlier_one(backend: Backend) -> None:
    backend.usage_book.keep([make_check(), make_check(category="calls-inbound", gaps=())])
    agreed = make_check(theirs=Money.usd("0.25"), gaps=())
    yesterday = make_check(day=DAY - timedelta(days=1))
    backend.usage_book.keep([agreed, yesterday])

    kept = list(backend.usage_book.checks(DAY))
    assert [check.category for check in kept] == ["calls-inbound", "calls-outbound"]
    assert kept[1] == agreed
    assert list(backend.usage_book.checks(DAY - timedelta(days=1)))[2] == yesterday


def test_what_was_booked_is_summed_by_the_day_on_which_calls_ended(backend: Backend) -> None:
    first, second = call(backend, 1, "0.10"), call(backend, 2, "0.15", "0.02")
    call(backend, 3, "5.00")
    backend.calls.move(replace(first, duration_seconds=61))

    def decide(account: Account) -> Booking | None:
        return truing_up(account, Money.usd("0.20"), sid="CA2", now=NOON)

    backend.costs.book(second.id, decide)
    [booked] = backend.usage_book.booked(DAY)

    assert booked == BookedUsage(billed=VOICE, count=3, amount=Money.usd("5.30"))
    assert backend.usage_book.booked(DAY + timedelta(days=1)) == []
    calls = backend.usage_book.booked_calls(DAY, VOICE, limit=2)
    assert list(calls) == [("CA3", Money.usd("5")), ("CA2", Money.usd("0.20"))]
    assert list(backend.usage_book.booked_calls(DAY, (Component.MEDIA_STREAM, "twilio"), limit=5)) == []


def test_costs_are_laid_over_what_they_achieved(backend: Backend) -> None:
    agent = make_agent()
    backend.appointments.add_agent(agent)
    talked = call(backend, 1, "0.08", heard="human")
    lead = backend.leads.get(talked.lead_id)
    backend.appointments.book(make_appointment(agent, lead, attempt_id=talked.id))
    backend.calls.close(talked, lead, "appointment_set")
    call(backend, 2, "0.02", heard="voicemail")
    call(backend, 3, "0.02")
    unplaced = backend.add_lead(phone="+13125550199")
    backend.plan(unplaced)

    [row] = backend.cost_reports.rows(query())
    assert row == CostRow(
        key="all",
        label="all",
        attempts=4,
        dials=3,
        connected=1,
        qualified=1,
        appointments=1,
        call_seconds=180,
        cost=Money.usd("0.12"),
        connected_cost=Money.usd("0.08"),
    )
    assert (row.per_dial, row.per_connected_call) == (Money.usd("0.04"), Money.usd("0.08"))
    assert (row.per_conversation, row.per_qualified_lead, row.per_appointment) == (Money.usd("0.12"),) * 3
    assert backend.cost_reports.by_component(query()) == {Component.CARRIER_VOICE: Money.usd("0.12")}


def test_costs_by_campaign_and_variant(backend: Backend) -> None:
    budget = make_budget(id=BudgetId(new_id()))
    backend.costs.add_budget(budget)
    autumn = make_campaign(id=CampaignId(new_id()), name="Autumn", budget_id=budget.id)
    backend.campaigns.save(autumn)
    call(backend, 1, "0.10", attempt={"variant": "b"})
    call(backend, 2, "0.20", lead={"campaign_id": autumn.id})

    by_campaign = {row.label: row.cost for row in backend.cost_reports.rows(query(By.CAMPAIGN))}
    assert by_campaign == {"Spring sellers": Money.usd("0.10"), "Autumn": Money.usd("0.20")}
    by_variant = {row.label: (row.key, row.cost) for row in backend.cost_reports.rows(query(By.VARIANT))}
    assert by_variant == {
        "Spring sellers, b": (f"{CAMPAIGN_ID}:b", Money.usd("0.10")),
        "Autumn, no variant": (f"{autumn.id}:-", Money.usd("0.20")),
    }
    [only] = backend.cost_reports.rows(query(campaign_id=autumn.id))
    assert only.cost == Money.usd("0.20")


def test_costs_by_the_hour_of_the_person_and_by_day(backend: Backend) -> None:
    call(backend, 1, "0.10", lead={"timezone": "America/Chicago"})
    call(backend, 2, "0.20")

    assert [(row.key, row.cost.dollars()) for row in backend.cost_reports.rows(query(By.HOUR))] == [
        ("12", Decimal("0.1")),
        ("18", Decimal("0.2")),
    ]
    assert [row.key for row in backend.cost_reports.rows(query(By.DAY))] == ["2026-03-04"]


@pytest.mark.parametrize(
    ("vendors", "tier"),
    [
        ([], "none"),
        (["espeak"], "local"),
        (["piper", "elevenlabs_flash"], "premium"),
        (["elevenlabs_flash"], "premium_whole_call"),
    ],
)
def test_costs_by_voice_tier(backend: Backend, vendors: list[str], tier: str) -> None:
    attempt = call(backend, 1)
    spoken = [
        make_line("0.01", vendor=vendor, component=Component.TEXT_TO_SPEECH, unit=Unit.CHARACTER) for vendor in vendors
    ]
    backend.settle(attempt, make_line("0.05"), *spoken, basis=5)

    [row] = backend.cost_reports.rows(query(By.TIER))
    assert row.key == tier


def test_only_the_attempts_that_were_asked_for_count(backend: Backend) -> None:
    call(backend, 1, "0.10")

    assert list(backend.cost_reports.rows(query(until=NOON))) == []
    assert list(backend.cost_reports.rows(query(direction=Direction.INBOUND))) == []
    assert list(backend.cost_reports.rows(query(campaign_id=CampaignId(new_id())))) == []
    assert [row.attempts for row in backend.cost_reports.rows(query(since=NOON, seller_id=SELLER.id))] == [1]


def test_spending_is_told_by_the_hour(backend: Backend) -> None:
    call(backend, 1, "0.10")
    call(backend, 2, "0.15")
    hour = datetime(2026, 3, 4, 18, tzinfo=UTC)

    assert backend.costs.spent_by_hour(since=NOON + timedelta(minutes=30), seller_id=None) == {hour: Money.usd("0.25")}
    assert backend.costs.spent_by_hour(since=NOON, seller_id=SELLER.id) == {hour: Money.usd("0.25")}
    assert backend.costs.spent_by_hour(since=NOON + timedelta(hours=1), seller_id=None) == {}


def test_a_day_without_calls_has_no_sums(backend: Backend) -> None:
    assert backend.usage_book.booked(date(2026, 1, 1)) == []
    assert list(backend.cost_reports.rows(query())) == []
    assert backend.cost_reports.by_component(query()) == {}
