"""Every CostRepository keeps the same promises."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from shared.calls import AttemptState, CallAttempt
from shared.costs import NO_LIMIT, Account, Booking, Budget, BudgetExhausted, Charge, Period, ReservationState, Scope
from shared.costs.booking import truing_up
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import AttemptId, BudgetId, SellerId, new_id
from shared.kernel.money import ZERO, Money
from shared.kernel.outbox import NewMessage
from tests.contracts.backends import Backend
from tests.contracts.nouns import (
    BUDGET_ID,
    NOON,
    SELLER,
    make_attempt,
    make_budget,
    make_campaign,
    make_line,
    make_permission,
    make_reservation,
)

NAMES = [
    "campaign",
    "seller day",
    "seller week",
    "seller month",
    *(f"installation {p}" for p in ("day", "week", "month")),
]
"""NOON is 2026-03-04, a Wednesday."""


@dataclass(frozen=True)
class Other:
    """Another campaign of the seller, or of another one."""

    seller_id: SellerId = SELLER.id
    budget_id: BudgetId = BUDGET_ID


def plan_on_all(backend: Backend, dollars: str = "1", **changed: object) -> CallAttempt:
    """An attempt that is held on every budget that bounds the campaign."""
    lead = backend.add_lead(**changed)
    attempt = make_attempt(lead)
    ids = tuple(each.id for each in backend.costs.budgets_for(make_campaign(), NOON))
    backend.calls.plan(attempt, lead, make_permission(), make_reservation(attempt, dollars, budget_ids=ids))
    return attempt


def inbound(backend: Backend) -> tuple[Budget, ...]:
    """What a call that comes to the seller is booked on."""
    return backend.costs.budgets_for_inbound(SELLER.id, NOON)


def true_up(backend: Backend, attempt: CallAttempt, dollars: str) -> Booking | None:
    def decide(account: Account) -> Booking | None:
        return truing_up(account, Money.usd(dollars), sid="CA1", now=NOON)

    return backend.costs.book(attempt.id, decide)


def by_name(backend: Backend, now: datetime = NOON) -> dict[str, Budget]:
    return {budget.name: budget for budget in backend.costs.budgets_for(make_campaign(), now)}


def test_a_plan_holds_its_money(backend: Backend) -> None:
    attempt = backend.plan()

    assert backend.costs.reservation(attempt.id) == make_reservation(attempt)
    assert backend.costs.budget(BUDGET_ID) == make_budget(pending=Money.usd("1"))
    assert backend.costs.ledger_imbalance() == ZERO


def test_a_settlement_spends_what_it_cost_and_frees_the_rest(backend: Backend) -> None:
    attempt = backend.plan()
    lines = [make_line("0.15"), make_line("0.10", vendor="espeak")]

    assert backend.settle(attempt, *lines)
    assert backend.costs.budget(BUDGET_ID) == make_budget(posted=Money.usd("0.25"))
    assert backend.costs.reservation(attempt.id).state is ReservationState.SETTLED
    assert list(backend.costs.lines(attempt.id)) == lines
    assert backend.costs.ledger_imbalance() == ZERO


def test_the_same_settlement_again_changes_nothing(backend: Backend) -> None:
    attempt = backend.plan()
    backend.settle(attempt, make_line())

    assert not backend.settle(attempt, make_line())
    assert not backend.costs.void(attempt.id, now=NOON)
    assert backend.costs.budget(BUDGET_ID).posted == Money.usd("0.25")


def test_what_is_learned_later_books_the_difference(backend: Backend) -> None:
    attempt = plan_on_all(backend)
    backend.settle(attempt, make_line("0.25"), make_line("0.02", vendor="node"), basis=1)
    ears = make_line("0.01", vendor="ears")

    assert backend.settle(attempt, make_line("0.25"), make_line("0.05", quantity=3, vendor="node"), ears, basis=2)
    assert {each.posted for each in by_name(backend).values()} == {Money.usd("0.31")}
    assert {line.vendor: line.amount for line in backend.costs.lines(attempt.id)} == {
        "twilio": Money.usd("0.25"),
        "node": Money.usd("0.05"),
        "ears": Money.usd("0.01"),
    }
    assert backend.costs.ledger_imbalance() == ZERO


def test_who_knows_less_changes_nothing(backend: Backend) -> None:
    attempt = backend.plan()
    backend.settle(attempt, make_line("0.25"), basis=2)

    assert not backend.settle(attempt, make_line("0.01"), basis=1)
    assert backend.costs.budget(BUDGET_ID).posted == Money.usd("0.25")


def test_a_void_reservation_costs_nothing(backend: Backend) -> None:
    attempt = plan_on_all(backend)

    assert backend.costs.void(attempt.id, now=NOON)
    assert not backend.costs.void(attempt.id, now=NOON)
    assert {each.pending for each in by_name(backend).values()} == {ZERO}
    assert list(backend.costs.lines(attempt.id)) == []
    assert backend.costs.ledger_imbalance() == ZERO


def test_a_call_that_took_place_after_its_hold_was_let_go_is_booked(backend: Backend) -> None:
    attempt = plan_on_all(backend)
    backend.costs.void(attempt.id, now=NOON)

    assert backend.settle(attempt, make_line("0.25"))
    assert {(each.pending, each.posted) for each in by_name(backend).values()} == {(ZERO, Money.usd("0.25"))}
    assert backend.costs.reservation(attempt.id).state is ReservationState.SETTLED
    assert backend.costs.ledger_imbalance() == ZERO


def test_a_call_the_carrier_has_though_its_hold_was_let_go_is_found(backend: Backend) -> None:
    attempt, other = backend.plan(), backend.plan(backend.add_lead(phone="+13125550143"))
    for each in (attempt, other):
        backend.costs.void(each.id, now=NOON)
        backend.calls.move(replace(each, state=AttemptState.NOT_PLACED, ended_at=NOON))
    assert backend.costs.unbooked(since=NOON, limit=5) == []
    backend.calls.move(
        replace(attempt, state=AttemptState.NOT_PLACED, ended_at=NOON, provider_sid="CA1", provider_result="completed")
    )

    assert backend.costs.unbooked(since=NOON + timedelta(seconds=1), limit=5) == []
    assert backend.costs.unbooked(since=NOON, limit=5) == [attempt.id]


def test_a_call_that_cost_more_than_its_budget_has_is_booked_and_stops_the_next(backend: Backend) -> None:
    attempt = backend.plan()

    assert backend.settle(attempt, make_line("10.01"))
    overdrawn = make_budget(posted=Money.usd("10.01"), overdrawn=Money.usd("0.01"))
    assert backend.costs.budget(BUDGET_ID) == overdrawn
    assert backend.costs.ledger_imbalance() == ZERO
    with pytest.raises(BudgetExhausted):
        plan_on_all(backend, "0.01", phone="+13125550143")
    assert backend.costs.budget(BUDGET_ID) == overdrawn


def test_the_carriers_price_is_booked_once(backend: Backend) -> None:
    attempt = plan_on_all(backend)
    backend.settle(attempt, make_line("0.25"))

    assert true_up(backend, attempt, "0.28")
    assert true_up(backend, attempt, "0.28") is None
    assert not backend.settle(attempt, make_line("0.30"), basis=3)  # the price is known: our estimate of it is moot
    assert sum((line.amount for line in backend.costs.lines(attempt.id)), ZERO) == Money.usd("0.28")
    assert {each.posted for each in by_name(backend).values()} == {Money.usd("0.28")}
    assert true_up(backend, attempt, "0.20")
    assert backend.costs.budget(BUDGET_ID).posted == Money.usd("0.20")
    assert backend.costs.ledger_imbalance() == ZERO


def test_a_price_that_is_as_booked_is_noted(backend: Backend) -> None:
    attempt = backend.plan()
    assert true_up(backend, attempt, "0.25") is None  # not settled yet
    backend.settle(attempt, make_line("0.25"))

    assert true_up(backend, attempt, "0.25")
    assert true_up(backend, attempt, "0.25") is None
    assert list(backend.costs.lines(attempt.id)) == [make_line("0.25")]


def test_messages_are_written_with_the_booking_alone(backend: Backend) -> None:
    attempt = backend.plan()
    again = NewMessage(topic="true_up", body={"attempt_id": attempt.id})

    backend.costs.book(attempt.id, lambda _: None, again)
    assert backend.outbox.waiting() == {}
    backend.costs.book(attempt.id, lambda account: truing_up(account, ZERO, sid="CA1", now=NOON), again)
    assert backend.outbox.waiting() == {}
    backend.costs.ask_later(again)
    assert backend.outbox.waiting() == {"true_up": 1}


def test_a_call_is_bound_by_its_campaign_and_by_day_week_and_month(backend: Backend) -> None:
    found = by_name(backend)

    assert list(found) == NAMES
    assert found["seller day"].period_start == date(2026, 3, 4)
    assert found["seller week"].period_start == date(2026, 3, 2)
    assert found["installation month"].period_start == date(2026, 3, 1)
    assert found["installation month"].seller_id is None
    assert not found["seller day"].is_limited
    assert by_name(backend) == found


def test_a_new_day_begins_anew(backend: Backend) -> None:
    plan_on_all(backend)
    tomorrow = by_name(backend, NOON + timedelta(days=1))

    spent = {name for name, each in tomorrow.items() if each.pending}
    assert spent == set(NAMES) - {"seller day", "installation day"}


def test_another_seller_has_its_own_periods_and_shares_the_installations(backend: Backend) -> None:
    other = replace(SELLER, id=SellerId(new_id()))
    backend.campaigns.add_seller(other)
    plan_on_all(backend)

    theirs = backend.costs.budgets_for(Other(seller_id=other.id), NOON)
    assert {each.name for each in theirs if each.pending} == {"campaign"} | {n for n in NAMES if "installation" in n}


@pytest.mark.parametrize("scope", [Scope.SELLER, Scope.INSTALLATION])
@pytest.mark.parametrize("period", [Period.DAY, Period.WEEK, Period.MONTH])
def test_every_limit_bounds_the_call_and_holds_on_none_when_one_is_full(
    backend: Backend, scope: Scope, period: Period
) -> None:
    plan_on_all(backend)
    owner = SELLER.id if scope is Scope.SELLER else None
    limited = backend.costs.set_limit(scope, period, Money.usd("1.50"), seller_id=owner, now=NOON)

    assert limited.headroom == Money.usd("0.50")
    with pytest.raises(BudgetExhausted, match=f"{scope.value} {period.value}"):
        plan_on_all(backend, phone="+13125550143")
    assert {each.pending for each in by_name(backend).values()} == {Money.usd("1")}
    plan_on_all(backend, "0.50", phone="+13125550144")
    assert {each.pending for each in by_name(backend).values()} == {Money.usd("1.50")}


def test_a_limit_lasts_into_the_next_period_and_can_be_taken_away(backend: Backend) -> None:
    backend.costs.set_limit(Scope.SELLER, Period.DAY, Money.usd("2"), seller_id=SELLER.id, now=NOON)
    tomorrow = NOON + timedelta(days=1)

    assert by_name(backend, tomorrow)["seller day"].limit == Money.usd("2")
    backend.costs.set_limit(Scope.SELLER, Period.DAY, NO_LIMIT, seller_id=SELLER.id, now=tomorrow)
    assert not by_name(backend, tomorrow)["seller day"].is_limited


def test_a_limit_below_what_is_spent_stops_the_next_call(backend: Backend) -> None:
    attempt = plan_on_all(backend)
    backend.settle(attempt, make_line("0.75"))
    limited = backend.costs.set_limit(Scope.INSTALLATION, Period.WEEK, Money.usd("0.50"), seller_id=None, now=NOON)

    assert (limited.headroom, limited.overdrawn) == (Money.usd("-0.25"), Money.usd("0.25"))
    with pytest.raises(BudgetExhausted):
        plan_on_all(backend, "0.01", phone="+13125550143")


def test_inbound_calls_have_a_budget_that_never_ends(backend: Backend) -> None:
    budget = inbound(backend)[0]

    assert inbound(backend)[0] == budget
    assert (budget.scope, budget.is_limited) == (Scope.INBOUND, False)
    lead = backend.add_lead()
    attempt = make_attempt(lead)
    held = make_reservation(attempt, "5000", budget_ids=(budget.id,))
    backend.calls.plan(attempt, lead, make_permission(), held)
    backend.settle(attempt, make_line("0.25"))
    assert inbound(backend)[0].posted == Money.usd("0.25")
    assert backend.costs.ledger_imbalance() == ZERO


def test_what_an_inbound_call_cost_counts_for_the_periods_which_do_not_bound_it(backend: Backend) -> None:
    backend.costs.set_limit(Scope.SELLER, Period.DAY, Money.usd("0.10"), seller_id=SELLER.id, now=NOON)
    lead = backend.add_lead()
    attempt = make_attempt(lead)
    ids = tuple(each.id for each in inbound(backend))
    held = make_reservation(attempt, "5", budget_ids=ids, is_bounded=False)
    backend.calls.plan(attempt, lead, make_permission(), held)

    assert backend.costs.reservation(attempt.id) == held
    assert [each.pending for each in inbound(backend)] == [Money.usd("5"), *[ZERO] * 6]
    assert backend.costs.ledger_imbalance() == ZERO
    backend.settle(attempt, make_line("0.25"))
    assert [(each.pending, each.posted) for each in inbound(backend)] == [(ZERO, Money.usd("0.25"))] * 7
    assert inbound(backend)[1].overdrawn == Money.usd("0.15")
    assert backend.costs.ledger_imbalance() == ZERO
    with pytest.raises(BudgetExhausted):
        plan_on_all(backend, "0.01", phone="+13125550143")


def test_a_charge_is_booked_once_on_the_installations_periods(backend: Backend) -> None:
    charge = Charge(id=new_id(), at=NOON, lines=(make_line("0.008"), make_line("0.02")))
    backend.costs.book_charge(charge)
    with pytest.raises(Conflict):
        backend.costs.book_charge(charge)

    for name, budget in by_name(backend, NOON).items():
        assert budget.posted == (Money.usd("0.028") if name.startswith("installation") else ZERO), name
    hour = NOON.replace(minute=0)
    assert backend.costs.spent_by_hour(since=NOON, seller_id=None) == {hour: Money.usd("0.028")}
    assert backend.costs.spent_by_hour(since=NOON, seller_id=SELLER.id) == {}
    assert backend.costs.ledger_imbalance() == backend.costs.ledger_imbalance(since=NOON - timedelta(days=1)) == ZERO


def test_a_price_that_comes_back_is_booked_again(backend: Backend) -> None:
    attempt = plan_on_all(backend)
    backend.settle(attempt, make_line("0.014"))

    for dollars in ("0.02", "0.03", "0.02"):
        assert true_up(backend, attempt, dollars) is not None
    assert by_name(backend, NOON)["campaign"].posted == Money.usd("0.02")
    assert backend.costs.ledger_imbalance() == ZERO


def test_the_budgets_that_count_are_those_of_the_present(backend: Backend) -> None:
    plan_on_all(backend)
    by_name(backend, NOON + timedelta(days=40))

    assert sorted(each.name for each in backend.costs.budgets_of(NOON)) == sorted(NAMES)
    assert [each.name for each in backend.costs.budgets_of(NOON - timedelta(days=60))] == ["campaign"]


def test_books_that_are_out_of_order_are_said_so(backend: Backend) -> None:
    attempt = plan_on_all(backend)
    midnight = datetime(2026, 3, 3, tzinfo=UTC)

    def decide(account: Account) -> Booking | None:
        booking = truing_up(replace(account, reservation=settled), Money.usd("0.05"), sid="CA1", now=NOON)
        assert booking is not None
        return replace(booking, lines=())  # the ledger moves, the balances do not

    settled = replace(backend.costs.reservation(attempt.id), state=ReservationState.SETTLED)
    assert backend.costs.ledger_imbalance(since=midnight) == ZERO
    backend.costs.book(attempt.id, decide)
    assert backend.costs.ledger_imbalance() > ZERO


def test_what_is_missing_is_said_so(backend: Backend) -> None:
    with pytest.raises(NotFound):
        backend.costs.budget(BudgetId(new_id()))
    with pytest.raises(NotFound):
        backend.costs.reservation(AttemptId(new_id()))
    with pytest.raises(NotFound):
        backend.costs.book(AttemptId(new_id()), lambda _: None)
    with pytest.raises(NotFound):
        backend.costs.budgets_for(Other(budget_id=BudgetId(new_id())), NOON)
    assert not backend.costs.void(AttemptId(new_id()), now=NOON)
