"""Budgets and the reservations held against them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shared.kernel.errors import Refused
from shared.kernel.ids import AttemptId, BudgetId, SellerId
from shared.kernel.money import ZERO, Money

NO_LIMIT = Money(1_000_000_000 * 1_000_000)
"""A billion dollars: the limit of a budget that has none."""


class BudgetExhausted(Refused):
    """The budget has no room for this reservation."""


class Scope(StrEnum):
    """Whose money a budget bounds: a campaign's, a seller's inbound calls, a seller's, the whole installation's."""

    CAMPAIGN = "campaign"
    INBOUND = "inbound"
    SELLER = "seller"
    INSTALLATION = "installation"


class Period(StrEnum):
    """How long a budget lasts; weeks begin on Monday."""

    TOTAL = "total"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class ReservationState(StrEnum):
    """A reservation is held, then settled or void, once. A void one whose call took place after all is settled."""

    HELD = "held"
    SETTLED = "settled"
    VOID = "void"


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Money that may be spent. ``pending`` is reserved, ``posted`` is spent.

    No reservation takes their sum past ``limit``. What a call did cost is a fact and may: ``overdrawn`` is how far
    facts have taken the sum past the limit at most. ``seller_id`` is ``None`` for the installation's,
    ``period_start`` the first day (on the books' clock) of all but the total.
    """

    id: BudgetId
    seller_id: SellerId | None
    limit: Money
    pending: Money = ZERO
    posted: Money = ZERO
    overdrawn: Money = ZERO
    scope: Scope = Scope.CAMPAIGN
    period: Period = Period.TOTAL
    period_start: date | None = None

    @property
    def headroom(self) -> Money:
        """What may still be reserved; negative once it is overdrawn."""
        return Money(self.limit.micro_usd - self.pending.micro_usd - self.posted.micro_usd)

    @property
    def is_limited(self) -> bool:
        """Whether it can run out."""
        return self.limit < NO_LIMIT

    @property
    def name(self) -> str:
        """Which of the budgets of a campaign it is, such as ``seller day``."""
        return self.scope.value if self.period is Period.TOTAL else f"{self.scope.value} {self.period.value}"


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """The worst case of one attempt, held from before the dial until it is settled or void.

    It is held on every one of ``budget_ids`` or on none. The first is the purse that pays; the others bound it, unless
    ``is_bounded`` says otherwise: then nothing is held on them, and what the call cost is spent on them all the same.
    ``basis`` says how much was known when it was last settled; see ``CallCharges``.
    """

    attempt_id: AttemptId
    budget_ids: tuple[BudgetId, ...]
    amount: Money
    state: ReservationState = ReservationState.HELD
    basis: int = 0
    is_bounded: bool = True
    made_at: datetime

    @property
    def purse_id(self) -> BudgetId:
        """The budget that pays."""
        return self.budget_ids[0]

    @property
    def held_ids(self) -> tuple[BudgetId, ...]:
        """The budgets on which it is held."""
        return self.budget_ids if self.is_bounded else self.budget_ids[:1]
