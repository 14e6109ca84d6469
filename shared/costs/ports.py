"""Where money is kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from shared.costs.alert import Alert
from shared.costs.booking import Booking, Decide
from shared.costs.budget import Budget, Period, Reservation, Scope
from shared.costs.usage import Charge, CostLine
from shared.kernel.ids import AttemptId, BudgetId, SellerId
from shared.kernel.money import Money
from shared.kernel.outbox import NewMessage


class Spender(Protocol):
    """Whoever's calls cost money: a campaign."""

    @property
    def seller_id(self) -> SellerId:
        """The seller it rings for."""
        ...

    @property
    def budget_id(self) -> BudgetId:
        """Its own budget."""
        ...


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

    def budgets_for(self, campaign: Spender, now: datetime) -> tuple[Budget, ...]:
        """Every budget that bounds a call of the campaign now, its own first; those of a new period are made.

        After it the seller's of this day, week and month, then the installation's; those without a limit, too, because
        they are booked all the same. A call is reserved on all of them.

        Raises:
            NotFound: The campaign's own budget does not exist.
        """
        ...

    def budgets_for_inbound(self, seller_id: SellerId, now: datetime) -> tuple[Budget, ...]:
        """Every budget that a call which comes to the seller is booked on; those that are missing are made.

        The one that pays first, which has no limit, then the seller's of this day, week and month and the
        installation's. These do not bound the call: nothing is held on them.
        """
        ...

    def set_limit(
        self, scope: Scope, period: Period, limit: Money, *, seller_id: SellerId | None, now: datetime
    ) -> Budget:
        """Bound the spending of a seller or the installation from now on; the budget of the present period follows.

        ``NO_LIMIT`` takes a limit away. Below what is spent already, nothing more is reserved in this period.
        """
        ...

    def budgets_of(self, now: datetime) -> Sequence[Budget]:
        """Every budget that counts now: those without an end, and those of the present periods that exist."""
        ...

    def reservation(self, attempt_id: AttemptId) -> Reservation:
        """What is held for the attempt.

        Raises:
            NotFound: Nothing was ever reserved for it.
        """
        ...

    def book(self, attempt_id: AttemptId, decide: Decide, *messages: NewMessage) -> Booking | None:
        """Book what ``decide`` says of all that is booked for the attempt, with the messages that follow from it.

        Whoever books for the same attempt at the same time waits, so that ``decide`` always knows the latest.
        Reservation, lines, ledger, budgets and messages change together. ``None``: nothing had to be booked.

        Raises:
            NotFound: Nothing was ever reserved for the attempt.
            Conflict: A ledger transaction of the same ``ref`` exists.
        """
        ...

    def book_charge(self, charge: Charge) -> None:
        """Book what was paid for outside a call on the installation's budgets of its day, week and month.

        It is a fact: no limit refuses it.

        Raises:
            Conflict: It is booked already.
        """
        ...

    def void(self, attempt_id: AttemptId, *, now: datetime) -> bool:
        """Let go of a held reservation without spending; whether this call did it."""
        ...

    def lines(self, attempt_id: AttemptId) -> Sequence[CostLine]:
        """What the attempt cost, line by line, with every correction taken in."""
        ...

    def ask_later(self, *messages: NewMessage) -> None:
        """Write messages alone."""
        ...

    def unbooked(self, *, since: datetime, limit: int) -> Sequence[AttemptId]:
        """Attempts reserved ``since`` whose hold was let go though the carrier has the call, and it is over."""
        ...

    def spent_by_hour(self, *, since: datetime, seller_id: SellerId | None) -> Mapping[datetime, Money]:
        """What calls cost, by the hour (UTC) in which their money was held, from the hour of ``since`` on.

        Of one seller's calls, or of all, with what the installation paid for beside them.
        """
        ...

    def ledger_imbalance(self, *, since: datetime | None = None) -> Money:
        """How far the books are from being in order; zero when they are.

        The sum of all transactions, plus every difference between a balance and what it follows from: a purse's from
        its accounts, a period's from the reservations and charges that name it. With ``since`` only what was booked
        after it: the transactions, and the periods that began after it.
        """
        ...


class AlertRepository(Protocol):
    """Where alerts about money are kept, each once."""

    def add(self, alert: Alert) -> bool:
        """Keep an alert, unless there is one of the same ``key``; whether it was new."""
        ...

    def known(self, keys: Sequence[str]) -> frozenset[str]:
        """Which of the keys an alert was raised for."""
        ...

    def unsent(self) -> Sequence[Alert]:
        """The alerts that nobody was told of yet, oldest first."""
        ...

    def mark_sent(self, alert_id: str, *, now: datetime) -> None:
        """Note that people were told."""
        ...

    def since(self, moment: datetime) -> Sequence[Alert]:
        """The alerts from that moment on, newest first."""
        ...
