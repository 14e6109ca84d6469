"""What calls cost: prices, usage, reservations, the ledger."""

from shared.costs.alert import Alert, Level
from shared.costs.booking import Account, Booking
from shared.costs.budget import NO_LIMIT, Budget, BudgetExhausted, Period, Reservation, ReservationState, Scope
from shared.costs.ledger import Entry, LedgerTransaction, Unbalanced
from shared.costs.usage import Charge, Component, CostLine, Unit, Usage

__all__ = [
    "NO_LIMIT",
    "Account",
    "Alert",
    "Booking",
    "Budget",
    "BudgetExhausted",
    "Charge",
    "Component",
    "CostLine",
    "Entry",
    "LedgerTransaction",
    "Level",
    "Period",
    "Reservation",
    "ReservationState",
    "Scope",
    "Unbalanced",
    "Unit",
    "Usage",
]
