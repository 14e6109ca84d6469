"""What calls cost: prices, usage, reservations, the ledger."""

from shared.costs.budget import Budget, BudgetExhausted, Reservation, ReservationState
from shared.costs.ledger import Entry, LedgerTransaction, Unbalanced
from shared.costs.usage import Component, CostLine, Unit, Usage

__all__ = [
    "Budget",
    "BudgetExhausted",
    "Component",
    "CostLine",
    "Entry",
    "LedgerTransaction",
    "Reservation",
    "ReservationState",
    "Unbalanced",
    "Unit",
    "Usage",
]
