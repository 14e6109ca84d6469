"""Double entry: every movement of money is a transaction whose entries sum to zero.

A purse (a campaign's budget, or a seller's for inbound calls) has two accounts: ``budget/{id}``, which money leaves
when it is held or spent, and ``held/{id}``, where it waits. What is spent rests in ``expense/{component}``. Budgets
that only bound a call (by day, week, month) have no accounts: their balances follow from the reservations. What the
installation pays for outside calls leaves ``budget/installation``, which is nobody's budget.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.costs.usage import Component
from shared.kernel.errors import Refused
from shared.kernel.ids import BudgetId, new_id
from shared.kernel.money import Money

OWN_PURSE = "budget/installation"


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
        if sum(entry.amount.micro_usd for entry in self.entries):
            raise Unbalanced(f"transaction {self.ref} does not sum to zero")


def purse(budget_id: BudgetId) -> str:
    """The account that a budget's money leaves; its balance is what is spent or held, with a minus."""
    return f"budget/{budget_id}"


def held(budget_id: BudgetId) -> str:
    """The account of what is held for a budget's calls."""
    return f"held/{budget_id}"


def expense(component: Component) -> str:
    """The account of what has been spent on one kind of thing."""
    return f"expense/{component.value}"


def transaction(ref: str, kind: str, amounts: Mapping[str, Money], now: datetime) -> LedgerTransaction:
    """A transaction of an amount per account; accounts that do not move are left out.

    Raises:
        Unbalanced: The amounts do not sum to zero.
    """
    entries = tuple(Entry(account=account, amount=amount) for account, amount in amounts.items() if amount)
    return LedgerTransaction(id=new_id(), ref=ref, kind=kind, at=now, entries=entries)
