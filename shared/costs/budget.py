"""Budgets and the reservations held against them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.kernel.errors import Refused
from shared.kernel.ids import AttemptId, BudgetId, SellerId
from shared.kernel.money import ZERO, Money


class BudgetExhausted(Refused):
    """The budget has no room for this reservation."""


class ReservationState(StrEnum):
    """A reservation is held, then settled or void, once."""

    HELD = "held"
    SETTLED = "settled"
    VOID = "void"


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Money that may be spent. ``pending`` is reserved, ``posted`` is spent; their sum never passes ``limit``."""

    id: BudgetId
    seller_id: SellerId
    limit: Money
    pending: Money = ZERO
    posted: Money = ZERO

    @property
    def headroom(self) -> Money:
        """What may still be reserved."""
        return self.limit - self.pending - self.posted


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """The worst case of one attempt, held from before the dial until it is settled or void."""

    attempt_id: AttemptId
    budget_id: BudgetId
    amount: Money
    state: ReservationState = ReservationState.HELD
    made_at: datetime
