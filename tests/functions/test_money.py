"""Money through the doors: settled, trued up, watched, compared, and shown over the API."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from fastapi.testclient import TestClient

from functions import close_call, reconcile_usage, settle_costs, true_up_costs, watch_money
from functions.api.app import build_app
from shared.calls import AttemptState, CallAttempt
from shared.calls.room import room_for
from shared.calls.stops import StopScope
from shared.campaigns.time_limit import lasting, longest_call
from shared.costs import Period, ReservationState, Scope
from shared.costs.carrier_usage import CarrierUsage
from shared.kernel.ids import AttemptId
from shared.kernel.money import ZERO, Money
from tests.contracts.nouns import make_report
from tests.functions.desk import API_KEY, Desk
from tests.shared.calls.world import NOON, SELLER, make_lead

MINUTE = Money.usd("0.0140")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def client(desk: Desk) -> TestClient:
    return TestClient(build_app(desk.services), headers={"Authorization": f"Bearer {API_KEY}"})


def planned(desk: Desk, name: str = "ada") -> CallAttempt:
    """An attempt that holds its money on every budget that bounds it."""
    desk.world.add(make_lead(name))
    desk.world.dispatch()
    return desk.world.attempt()


def ended(desk: Desk, attempt: CallAttempt, **told: Any) -> CallAttempt:
    """The attempt once the carrier has said all of it."""
    desk.services.calls.begin_dialing(attempt.id, worker="w1", slot_epoch="e1", now=NOON)
    given: dict[str, Any] = {
        "state": AttemptState.ENDED,
        "provider_sid": "CA1",
        "provider_result": "completed",
        "dial_started_at": NOON,
        "answered_at": NOON,
        "ended_at": NOON,
        "duration_seconds": 40,
    }
    return desk.services.calls.move(replace(attempt, **given | told))


def settle(desk: Desk, attempt: CallAttempt) -> dict[str, Any]:
    return settle_costs.handle({"attempt_id": attempt.id}, desk.services)


def test_a_call_is_held_on_every_budget_that_bounds_it_and_settled_on_all(desk: Desk) -> None:
    attempt = planned(desk)
    held = desk.services.costs.reservation(attempt.id)
    budgets = [desk.services.costs.budget(budget_id) for budget_id in held.budget_ids]
    assert len(budgets) == 7
    assert {budget.pending for budget in budgets} == {held.amount}

    ended(desk, attempt)
    assert settle(desk, attempt)["settled_now"]
    assert not settle(desk, attempt)["settled_now"]
    after = [desk.services.costs.budget(budget_id) for budget_id in held.budget_ids]
    assert {(budget.pending, budget.posted) for budget in after} == {(ZERO, Money.usd("0.0255"))}
    assert desk.world.messages("true_up") == [{"attempt_id": attempt.id, "round": 0}]


def test_the_carriers_price_is_asked_for_and_booked(desk: Desk) -> None:
    attempt = ended(desk, planned(desk))
    settle(desk, attempt)
    desk.carrier_books.prices["CA1"] = None
    question = {"attempt_id": attempt.id, "round": 0}

    assert true_up_costs.handle(question, desk.services)["result"] == "asked_again_later"
    desk.carrier_books.prices["CA1"] = MINUTE + MINUTE
    assert true_up_costs.handle({**question, "round": 1}, desk.services)["result"] == "booked"
    assert true_up_costs.handle({**question, "round": 1}, desk.services)["result"] == "as_booked"
    lines = desk.services.costs.lines(attempt.id)
    assert sum((line.amount for line in lines), ZERO) == Money.usd("0.0395")
    assert desk.services.costs.ledger_imbalance() == ZERO


def test_a_call_that_rang_after_it_was_given_up_is_booked_by_the_watch(desk: Desk) -> None:
    attempt = planned(desk)
    desk.services.calls.begin_dialing(attempt.id, worker="w1", slot_epoch="e1", now=NOON)
    given_up = desk.services.calls.move(
        replace(desk.world.attempt(), state=AttemptState.NOT_PLACED, ended_at=NOON, end_reason="not_placed")
    )
    settle(desk, given_up)
    assert desk.services.costs.reservation(attempt.id).state is ReservationState.VOID
    assert watch_money.handle({}, desk.services)["booked_late"] == 0

    desk.services.calls.move(
        replace(given_up, provider_sid="CA1", provider_result="completed", answered_at=NOON, duration_seconds=30)
    )
    assert watch_money.handle({}, desk.services)["booked_late"] == 1
    assert watch_money.handle({}, desk.services)["booked_late"] == 0
    assert desk.services.costs.budget(desk.world.campaign.budget_id).posted == Money.usd("0.0255")


def test_what_is_told_of_a_closed_call_is_settled_again(desk: Desk) -> None:
    attempt = ended(desk, planned(desk), duration_seconds=None)
    desk.clock.moment = NOON + desk.services.horizons.report_within + timedelta(hours=1)
    for _ in range(2):
        close_call.handle({"attempt_id": attempt.id}, desk.services)
    assert desk.world.messages("settle") == [{"attempt_id": attempt.id}] * 2
    settle(desk, attempt)

    desk.services.calls.move(replace(attempt, duration_seconds=70))
    assert settle(desk, attempt)["settled_now"]
    assert desk.services.costs.budget(desk.world.campaign.budget_id).posted == Money.usd("0.0395")
    assert desk.services.costs.ledger_imbalance() == ZERO


def test_a_talk_that_its_node_has_told_of_pays_for_its_stream_though_the_carrier_has_not(desk: Desk) -> None:
    attempt = ended(desk, planned(desk))
    assert not settle_costs.charges(attempt, None).was_streamed

    assert settle_costs.charges(attempt, make_report(attempt)).was_streamed


def test_a_month_that_is_spent_throws_the_switch_and_tells_people(desk: Desk) -> None:
    attempt = ended(desk, planned(desk))
    settle(desk, attempt)
    desk.services.costs.set_limit(
        Scope.INSTALLATION, Period.MONTH, Money.usd("0.02"), seller_id=None, now=desk.clock.now()
    )

    answer = watch_money.handle({}, desk.services)
    assert (answer["stopped"], answer["sent"]) == (1, 1)
    [switch] = desk.services.stops.all()
    assert (switch.scope, switch.by) == (StopScope.ALL, "money")
    assert "installation month limit" in switch.reason
    assert watch_money.handle({}, desk.services)["stopped"] == 0


def test_a_seller_whose_month_is_spent_is_stopped_alone(desk: Desk) -> None:
    settle(desk, ended(desk, planned(desk)))
    desk.services.costs.set_limit(
        Scope.SELLER, Period.MONTH, Money.usd("0.02"), seller_id=SELLER.id, now=desk.clock.now()
    )

    watch_money.handle({}, desk.services)
    [switch] = desk.services.stops.all()
    assert (switch.scope, switch.target) == (StopScope.SELLER, SELLER.id)


def test_the_day_before_is_compared_with_the_carriers_books(desk: Desk) -> None:
    settle(desk, ended(desk, planned(desk)))
    today = NOON.date()
    desk.carrier_books.records = [
        CarrierUsage(category="calls-outbound", day=today, count=1, quantity=Decimal(1), price=MINUTE),
        CarrierUsage(category="answering-machine-detection", day=today, count=1, quantity=Decimal(1), price=ZERO),
    ]
    desk.clock.moment = NOON + timedelta(days=1)

    answer = reconcile_usage.handle({}, desk.services)
    assert answer == {"day": str(today), "categories": 2, "differing": ["answering-machine-detection"]}


def test_costs_are_shown_as_they_are_defined(desk: Desk, client: TestClient) -> None:
    settle(desk, ended(desk, planned(desk)))
    desk.clock.moment = NOON + timedelta(hours=1)

    shown = client.get("/v1/costs", params={"by": "campaign"}).json()
    [row] = shown["rows"]
    assert (row["label"], row["dials"], row["cost_micro_usd"], row["per_dial_micro_usd"]) == ("Spring", 1, 25500, 25500)
    assert row["per_appointment_micro_usd"] is None
    assert shown["by_component"]["carrier_voice"] == 14000
    assert client.get("/v1/costs", params={"by": "moon"}).status_code == 400
    assert client.get("/v1/costs", params={"until": "2026-01-01T00:00:00"}).json()["rows"] == []


def test_limits_are_set_and_shown(desk: Desk, client: TestClient) -> None:
    planned(desk)
    body = {"scope": "seller", "period": "day", "seller_id": SELLER.id, "limit_usd": "5"}

    made = client.post("/v1/costs/limits", json=body).json()
    assert (made["limit_micro_usd"], made["pending_micro_usd"]) == (5_000_000, 200_000)
    shown = client.get("/v1/costs/limits").json()
    assert [(each["name"], each["limit_micro_usd"]) for each in shown][:4] == [
        ("installation day", None),
        ("installation week", None),
        ("installation month", None),
        ("seller day", 5_000_000),
    ]
    assert shown[-1]["campaign"] == "Spring"
    gone = client.post("/v1/costs/limits", json={**body, "limit_usd": None}).json()
    assert gone["limit_micro_usd"] is None


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"scope": "campaign"}, 400),
        ({"period": "total"}, 400),
        ({"limit_usd": "0"}, 400),
        ({"seller_id": None}, 400),
        ({"scope": "installation"}, 400),
        ({"seller_id": "nobody"}, 404),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(client: TestClient, changed: dict[str, Any], status: int) -> None:
    body = {"scope": "seller", "period": "day", "seller_id": SELLER.id, "limit_usd": "5"}

    assert client.post("/v1/costs/limits", json=body | changed).status_code == status


def test_a_forecast_says_where_each_period_ends(desk: Desk, client: TestClient) -> None:
    settle(desk, ended(desk, planned(desk)))

    day, week, month = client.get("/v1/costs/forecast").json()
    assert [each["budget"]["period"] for each in (day, week, month)] == ["day", "week", "month"]
    assert day["confidence"] == "low"
    assert day["expected_micro_usd"] >= 25500
    assert client.get("/v1/costs/forecast", params={"seller_id": SELLER.id}).json()[0]["budget"]["scope"] == "seller"


def test_a_limit_that_is_nearly_used_up_holds_back(desk: Desk) -> None:
    settle(desk, ended(desk, planned(desk)))
    campaign, sources = desk.world.campaign, desk.services.sources
    calm = room_for(replace(campaign, plan=replace(campaign.plan, calls_per_minute=4)), sources=sources, now=NOON)
    assert desk.services.starting.readiness(campaign, now=NOON).lacks_margin() == ()

    desk.services.costs.set_limit(Scope.SELLER, Period.WEEK, Money.usd("0.0260"), seller_id=SELLER.id, now=NOON)
    critical = desk.services.levels.are_critical(desk.services.costs.budgets_for(campaign, NOON))
    assert [budget.name for budget in critical] == ["seller week"]
    assert desk.services.starting.readiness(campaign, now=NOON).lacks_margin() == (
        "the seller week limit is used to 98%",
    )
    assert desk.services.levels.slowed(4, critical) == 2
    assert calm.calls > 0


def test_one_call_may_not_cost_more_than_the_campaign_says(client: TestClient) -> None:
    body = {
        "seller_id": SELLER.id,
        "name": "Thrifty",
        "script": "seller_home_value",
        "voice": "en-us",
        "caller_id": "+15125550123",
        "budget_usd": "5",
        "plan": {"call_limit_usd": "0.10"},
    }
    made = client.post("/v1/campaigns", json=body)
    assert made.status_code == 201
    services = client.app.state.services  # type: ignore[attr-defined]
    found = services.campaigns.get(made.json()["id"])
    longest = longest_call(found, available=None, worst_case=services.worst_case)
    assert longest == timedelta(minutes=2) < found.time_limit
    assert services.worst_case(lasting(found, longest)) <= Money.usd("0.10")
    too_little = client.post("/v1/campaigns", json={**body, "plan": {"call_limit_usd": "0.02"}})
    assert too_little.status_code == 400
    assert "call_limit_usd" in too_little.json()["detail"]


def test_alerts_and_comparisons_are_shown(desk: Desk, client: TestClient) -> None:
    settle(desk, ended(desk, planned(desk)))
    desk.services.costs.set_limit(Scope.SELLER, Period.DAY, Money.usd("0.03"), seller_id=SELLER.id, now=NOON)
    watch_money.handle({}, desk.services)

    [alert] = client.get("/v1/costs/alerts").json()
    assert (alert["level"], alert["kind"]) == ("warning", "limit")
    desk.clock.moment = NOON + timedelta(days=1)
    compared = client.post("/v1/costs/usage", json={"day": str(NOON.date())}).json()
    assert [each["holds"] for each in compared] == [False, False]
    kept = client.get("/v1/costs/usage").json()
    assert kept == sorted(compared, key=lambda each: each["category"])
    assert client.post("/v1/costs/usage", json={"day": str(date(2027, 1, 1))}).status_code == 400


def test_money_is_shown_only_to_who_knows_the_key(desk: Desk) -> None:
    assert TestClient(build_app(desk.services)).get("/v1/costs").status_code == 401


def test_an_attempt_that_was_never_placed_is_not_asked_about(desk: Desk) -> None:
    planned(desk)

    assert true_up_costs.handle({"attempt_id": AttemptId("a1")}, desk.services)["result"] == "not_placed"
