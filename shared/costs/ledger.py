"""Double entry: every movement of money is a transaction whose entries sum to zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.costs.usage import CostLine
from shared.kernel.errors import Refused
from shared.kernel.ids import AttemptId, BudgetId, new_id
from shared.kernel.money import ZERO, Money


class Unbalanced(Refused):
    """The entries of a transaction do not sum to zero."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One side of a movement. ``account`` is a path such as ``budget/{id}`` or ``expense/carrier_voice``."""

    account: str
    amount: Money


@dataclass(frozen=True, kw_only=True)
class LedgerTransaction:
    """A movement of money, never changed once written. ``ref`` makes it safe to repeat (``settle/{attempt}``)."""

    id: str
    ref: str
    kind: str
    at: datetime
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        """Refuse entries that do not balance."""
        if sum((entry.amount for entry in self.entries), ZERO):
            raise Unbalanced(f"transaction {self.ref} does not sum to zero")


def settlement(
    attempt_id: AttemptId, budget_id: BudgetId, lines: Sequence[CostLine], now: datetime
) -> LedgerTransaction:
    """The transaction that spends an attempt's cost lines: one expense entry per component, the budget against them."""
    spent: dict[str, Money] = {}
    for line in lines:
        account = f"expense/{line.component.value}"
        spent[account] = spent.get(account, ZERO) + line.amount
    entries = [Entry(account=account, amount=amount) for account, amount in spent.items() if amount]
    if entries:
        entries.append(Entry(account=f"budget/{budget_id}", amount=-sum(spent.values(), ZERO)))
    return LedgerTransaction(id=new_id(), ref=f"settle/{attempt_id}", kind="settlement", at=now, entries=tuple(entries))
