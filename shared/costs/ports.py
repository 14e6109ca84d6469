"""Where money is kept."""

from collections.abc import Sequence
from typing import Protocol

from shared.costs.budget import Budget, Reservation
from shared.costs.ledger import LedgerTransaction
from shared.costs.usage import CostLine
from shared.kernel.ids import AttemptId, BudgetId
from shared.kernel.money import Money


class CostRepository(Protocol):
    """Where budgets, reservations, cost lines and the ledger are kept.

    Reservations are made where the attempt is planned (``CallRepository.plan``), in the same transaction.
    """

    def budget(self, budget_id: BudgetId) -> Budget:
        """The budget.

        Raises:
            NotFound: There is no such budget.
        """
        ...

    def add_budget(self, budget: Budget) -> None:
        """Keep a new budget."""
        ...

    def reservation(self, attempt_id: AttemptId) -> Reservation:
        """What is held for the attempt.

        Raises:
            NotFound: Nothing was ever reserved for it.
        """
        ...

    def settle(self, attempt_id: AttemptId, lines: Sequence[CostLine], transaction: LedgerTransaction) -> bool:
        """Turn the held reservation into spent money, with its lines and ledger transaction, all at once.

        Returns whether this call did it; a second settlement of the same attempt changes nothing.
        """
        ...

    def void(self, attempt_id: AttemptId) -> bool:
        """Let go of a held reservation without spending; whether this call did it."""
        ...

    def lines(self, attempt_id: AttemptId) -> Sequence[CostLine]:
        """The settled cost lines of an attempt."""
        ...

    def ledger_imbalance(self) -> Money:
        """The sum of all entries plus every difference between a budget and its entries; zero when in order."""
        ...
