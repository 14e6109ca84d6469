"""Every CostRepository keeps the same promises."""

import pytest

from shared.costs import BudgetExhausted, ReservationState
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId, BudgetId, new_id
from shared.kernel.money import ZERO, Money
from tests.contracts.backends import Backend
from tests.contracts.nouns import BUDGET_ID, make_budget, make_line, make_reservation, make_transaction


def test_a_plan_holds_its_money(backend: Backend) -> None:
    attempt = backend.plan()

    assert backend.costs.reservation(attempt.id) == make_reservation(attempt)
    assert backend.costs.budget(BUDGET_ID) == make_budget(pending=Money.usd("1"))


def test_a_settlement_spends_what_it_cost_and_frees_the_rest(backend: Backend) -> None:
    attempt = backend.plan()
    lines = [make_line("0.15"), make_line("0.10", vendor="espeak")]

    assert backend.costs.settle(attempt.id, lines, make_transaction(attempt))
    assert backend.costs.budget(BUDGET_ID) == make_budget(posted=Money.usd("0.25"))
    assert backend.costs.reservation(attempt.id).state is ReservationState.SETTLED
    assert list(backend.costs.lines(attempt.id)) == lines
    assert backend.costs.ledger_imbalance() == ZERO


def test_a_second_settlement_changes_nothing(backend: Backend) -> None:
    attempt = backend.plan()
    backend.costs.settle(attempt.id, [make_line()], make_transaction(attempt))

    assert not backend.costs.settle(attempt.id, [make_line("9")], make_transaction(attempt, "9"))
    assert not backend.costs.void(attempt.id)
    assert backend.costs.budget(BUDGET_ID).posted == Money.usd("0.25")


def test_a_void_reservation_costs_nothing(backend: Backend) -> None:
    attempt = backend.plan()

    assert backend.costs.void(attempt.id)
    assert not backend.costs.void(attempt.id)
    assert backend.costs.budget(BUDGET_ID) == make_budget()
    assert not backend.costs.settle(attempt.id, [make_line()], make_transaction(attempt))
    assert list(backend.costs.lines(attempt.id)) == []


def test_a_call_can_not_cost_more_than_the_budget_has(backend: Backend) -> None:
    attempt = backend.plan()

    with pytest.raises(BudgetExhausted):
        backend.costs.settle(attempt.id, [make_line("10.01")], make_transaction(attempt, "10.01"))
    assert backend.costs.reservation(attempt.id).state is ReservationState.HELD
    assert backend.costs.budget(BUDGET_ID) == make_budget(pending=Money.usd("1"))


def test_a_budget_that_differs_from_its_entries_shows(backend: Backend) -> None:
    attempt = backend.plan()
    backend.costs.settle(attempt.id, [make_line("0.20")], make_transaction(attempt, "0.25"))

    assert backend.costs.ledger_imbalance() == Money.usd("0.05")


def test_what_is_missing_is_said_so(backend: Backend) -> None:
    with pytest.raises(NotFound):
        backend.costs.budget(BudgetId(new_id()))
    with pytest.raises(NotFound):
        backend.costs.reservation(AttemptId(new_id()))
    assert not backend.costs.void(AttemptId(new_id()))
