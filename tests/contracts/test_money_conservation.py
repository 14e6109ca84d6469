"""Whatever happens to money in whatever order, both kinds of books stay in order and tell the same."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

import pytest

from shared.calls import AttemptState, CallAttempt
from shared.costs import Account, Booking, Budget, BudgetExhausted, Period, ReservationState, Scope
from shared.costs.booking import truing_up
from shared.kernel.money import ZERO, Money
from tests.contracts.backends import Backend, emptied, memory_backend, sql_backend
from tests.contracts.nouns import (
    NOON,
    SELLER,
    make_attempt,
    make_campaign,
    make_line,
    make_permission,
    make_reservation,
)

STEPS = 60


@dataclass
class Life:
    """One seeded run of random bookings on one backend."""

    backend: Backend
    chance: Random

    def __post_init__(self) -> None:
        self.attempts: list[CallAttempt] = []
        self.told: list[object] = []

    def run(self) -> list[object]:
        for _ in range(STEPS):
            act = self.chance.choice(
                (self.plan, self.plan, self.settle, self.settle, self.void, self.true_up, self.limit)
            )
            self.told.append(act())
        return self.told

    def plan(self) -> object:
        number = len(self.attempts)
        dollars = f"{self.chance.uniform(0.1, 1):.6f}"
        lead = self.backend.add_lead(phone=f"+1312555{len(self.told):04d}")
        attempt = make_attempt(lead)
        ids = tuple(budget.id for budget in self.budgets())
        try:
            self.backend.calls.plan(
                attempt, lead, make_permission(), make_reservation(attempt, dollars, budget_ids=ids)
            )
        except BudgetExhausted:
            return "refused"
        over = replace(attempt, state=AttemptState.CANCELLED, ended_at=NOON)
        self.backend.calls.move(over)
        self.attempts.append(attempt)
        return "planned", number, dollars

    def settle(self) -> object:
        lines = [make_line(f"{self.chance.uniform(0, 1):.6f}") for _ in range(self.chance.randint(0, 2))]
        basis = self.chance.randint(0, 3)
        return self.any_attempt(lambda attempt: self.backend.settle(attempt, *lines, basis=basis))

    def void(self) -> object:
        return self.any_attempt(lambda attempt: self.backend.costs.void(attempt.id, now=NOON))

    def true_up(self) -> object:
        price = Money(self.chance.randint(0, 1_000_000))

        def decide(account: Account) -> Booking | None:
            return truing_up(account, price, sid=account.reservation.attempt_id, now=NOON)

        def act(attempt: CallAttempt) -> object:
            return self.backend.costs.book(attempt.id, decide) is not None

        return self.any_attempt(act)

    def limit(self) -> object:
        limit = Money(self.chance.randint(1, 9) * 1_000_000)
        scope = self.chance.choice((Scope.SELLER, Scope.INSTALLATION))
        owner = SELLER.id if scope is Scope.SELLER else None
        made = self.backend.costs.set_limit(scope, Period.DAY, limit, seller_id=owner, now=NOON)
        return figures(made)

    def any_attempt(self, act: Callable[[CallAttempt], object]) -> object:
        if not self.attempts:
            return None
        return act(self.chance.choice(self.attempts))

    def budgets(self) -> tuple[Budget, ...]:
        return self.backend.costs.budgets_for(make_campaign(), NOON)


def figures(budget: Budget) -> tuple[str, list[int]]:
    money = (budget.limit, budget.pending, budget.posted, budget.overdrawn)
    return budget.name, [each.micro_usd for each in money]


@pytest.mark.parametrize("seed", range(2))
def test_both_books_agree_and_are_in_order(seed: int, request: pytest.FixtureRequest) -> None:
    kept = sql_backend(emptied(request.getfixturevalue("module_engine"))).furnish()
    remembered = memory_backend().furnish()
    lives = [Life(kept, Random(seed)), Life(remembered, Random(seed))]

    said, thought = (life.run() for life in lives)

    assert said == thought
    assert [figures(each) for each in lives[0].budgets()] == [figures(each) for each in lives[1].budgets()]
    for life in lives:
        assert life.backend.costs.ledger_imbalance() == ZERO
        held = [life.backend.costs.reservation(attempt.id) for attempt in life.attempts]
        pending = sum((each.amount for each in held if each.state is ReservationState.HELD), ZERO)
        assert {budget.pending for budget in life.budgets()} == {pending}
