"""Budgets, reservations, cost lines and the ledger in memory."""

from collections.abc import Sequence
from dataclasses import replace

from shared.adapters.memory.store import MemoryStore
from shared.costs import Budget, BudgetExhausted, CostLine, LedgerTransaction, Reservation, ReservationState
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId, BudgetId
from shared.kernel.money import ZERO, Money


class MemoryCostRepository:
    """``CostRepository`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def budget(self, budget_id: BudgetId) -> Budget:
        try:
            return self._store.budgets[budget_id]
        except KeyError:
            raise NotFound(f"no budget {budget_id}") from None

    def add_budget(self, budget: Budget) -> None:
        self._store.budgets[budget.id] = budget

    def reservation(self, attempt_id: AttemptId) -> Reservation:
        try:
            return self._store.reservations[attempt_id]
        except KeyError:
            raise NotFound(f"nothing was reserved for attempt {attempt_id}") from None

    def settle(self, attempt_id: AttemptId, lines: Sequence[CostLine], transaction: LedgerTransaction) -> bool:
        spent = sum((line.amount for line in lines), ZERO)
        with self._store.lock:
            if not self._end_hold(attempt_id, ReservationState.SETTLED, spent=spent):
                return False
            self._store.cost_lines[attempt_id] = tuple(lines)
            self._store.transactions[transaction.ref] = transaction
            return True

    def void(self, attempt_id: AttemptId) -> bool:
        with self._store.lock:
            return self._end_hold(attempt_id, ReservationState.VOID, spent=ZERO)

    def lines(self, attempt_id: AttemptId) -> Sequence[CostLine]:
        return self._store.cost_lines.get(attempt_id, ())

    def ledger_imbalance(self) -> Money:
        with self._store.lock:
            entries = [entry for each in self._store.transactions.values() for entry in each.entries]
            total = sum(entry.amount.micro_usd for entry in entries)
            for budget in self._store.budgets.values():
                account = f"budget/{budget.id}"
                moved = sum(entry.amount.micro_usd for entry in entries if entry.account == account)
                total += abs(budget.posted.micro_usd + moved)
            return Money(total)

    def _end_hold(self, attempt_id: AttemptId, state: ReservationState, *, spent: Money) -> bool:
        held = self._store.reservations.get(attempt_id)
        if held is None or held.state is not ReservationState.HELD:
            return False
        budget = self._store.budgets[held.budget_id]
        after = replace(budget, pending=budget.pending - held.amount, posted=budget.posted + spent)
        if after.headroom < ZERO:
            raise BudgetExhausted(f"attempt {attempt_id} cost more than its reservation and its budget")
        self._store.budgets[budget.id] = after
        self._store.reservations[attempt_id] = replace(held, state=state)
        return True


def check_room(store: MemoryStore, reservation: Reservation) -> Budget:
    """The budget once the reservation is held.

    Raises:
        BudgetExhausted: It has no room.
        NotFound: There is no such budget.
    """
    budget = store.budgets.get(reservation.budget_id)
    if budget is None:
        raise NotFound(f"no budget {reservation.budget_id}")
    if budget.headroom < reservation.amount:
        raise BudgetExhausted(f"budget {budget.id} has no room for {reservation.amount}")
    return replace(budget, pending=budget.pending + reservation.amount)
