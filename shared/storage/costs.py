"""Budgets, reservations, cost lines and the ledger in PostgreSQL."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from shared.costs import (
    Budget,
    BudgetExhausted,
    Component,
    CostLine,
    LedgerTransaction,
    Reservation,
    ReservationState,
    Unit,
)
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId, BudgetId
from shared.kernel.money import ZERO, Money
from shared.storage.engine import constraint
from shared.storage.tables import budgets, cost_lines, ledger_entries, ledger_transactions, reservations


class SqlCostRepository:
    """``CostRepository`` over the money tables. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def budget(self, budget_id: BudgetId) -> Budget:
        with self._engine.connect() as db:
            row = db.execute(select(budgets).where(budgets.c.id == budget_id)).mappings().one_or_none()
        if row is None:
            raise NotFound(f"no budget {budget_id}")
        return Budget(
            id=row["id"],
            seller_id=row["seller_id"],
            limit=Money(row["limit_micro_usd"]),
            pending=Money(row["pending_micro_usd"]),
            posted=Money(row["posted_micro_usd"]),
        )

    def add_budget(self, budget: Budget) -> None:
        row = {
            "id": budget.id,
            "seller_id": budget.seller_id,
            "limit_micro_usd": budget.limit.micro_usd,
            "pending_micro_usd": budget.pending.micro_usd,
            "posted_micro_usd": budget.posted.micro_usd,
        }
        with self._engine.begin() as db:
            db.execute(insert(budgets).values(row))

    def reservation(self, attempt_id: AttemptId) -> Reservation:
        with self._engine.connect() as db:
            row = db.execute(select(reservations).where(reservations.c.attempt_id == attempt_id)).mappings().first()
        if row is None:
            raise NotFound(f"nothing was reserved for attempt {attempt_id}")
        return Reservation(
            attempt_id=row["attempt_id"],
            budget_id=row["budget_id"],
            amount=Money(row["amount_micro_usd"]),
            state=ReservationState(row["state"]),
            made_at=row["made_at"],
        )

    def settle(self, attempt_id: AttemptId, lines: Sequence[CostLine], transaction: LedgerTransaction) -> bool:
        spent = sum((line.amount for line in lines), ZERO)
        try:
            with self._engine.begin() as db:
                if not _end_hold(db, attempt_id, ReservationState.SETTLED, spent=spent):
                    return False
                _keep(db, attempt_id, lines, transaction)
        except IntegrityError as error:
            if constraint(error.orig) == "budgets_not_overspent_check":
                raise BudgetExhausted(f"attempt {attempt_id} cost more than its reservation and its budget") from error
            raise
        return True

    def void(self, attempt_id: AttemptId) -> bool:
        with self._engine.begin() as db:
            return _end_hold(db, attempt_id, ReservationState.VOID, spent=ZERO)

    def lines(self, attempt_id: AttemptId) -> Sequence[CostLine]:
        query = select(cost_lines).where(cost_lines.c.attempt_id == attempt_id).order_by(cost_lines.c.number)
        with self._engine.connect() as db:
            return [_line(row) for row in db.execute(query).mappings()]

    def ledger_imbalance(self) -> Money:
        moved = func.coalesce(func.sum(ledger_entries.c.amount_micro_usd), 0)
        of_budget = select(moved).where(ledger_entries.c.account == func.concat("budget/", budgets.c.id))
        gap = func.abs(budgets.c.posted_micro_usd + of_budget.scalar_subquery())
        with self._engine.connect() as db:
            total = db.execute(select(moved)).scalar_one()
            gaps = db.execute(select(func.coalesce(func.sum(gap), 0))).scalar_one()
        return Money(int(total) + int(gaps))


def reserve(db: Connection, reservation: Reservation) -> None:
    """Hold money inside someone else's transaction. One guarded update, so nobody can overspend by racing.

    Raises:
        BudgetExhausted: The budget has no room.
        NotFound: There is no such budget.
    """
    amount = reservation.amount.micro_usd
    used = budgets.c.posted_micro_usd + budgets.c.pending_micro_usd
    hold = update(budgets).where(budgets.c.id == reservation.budget_id, used + amount <= budgets.c.limit_micro_usd)
    if not db.execute(hold.values(pending_micro_usd=budgets.c.pending_micro_usd + amount)).rowcount:
        if db.execute(select(budgets.c.id).where(budgets.c.id == reservation.budget_id)).first() is None:
            raise NotFound(f"no budget {reservation.budget_id}")
        raise BudgetExhausted(f"budget {reservation.budget_id} has no room for {reservation.amount}")
    row = {
        "attempt_id": reservation.attempt_id,
        "budget_id": reservation.budget_id,
        "amount_micro_usd": amount,
        "state": reservation.state,
        "made_at": reservation.made_at,
    }
    db.execute(insert(reservations).values(row))


def _end_hold(db: Connection, attempt_id: AttemptId, state: ReservationState, *, spent: Money) -> bool:
    """Turn a held reservation into ``spent`` money; ``False`` when it is no longer held."""
    is_held = (reservations.c.attempt_id == attempt_id) & (reservations.c.state == ReservationState.HELD)
    end = update(reservations).where(is_held).values(state=state)
    held = db.execute(end.returning(reservations.c.budget_id, reservations.c.amount_micro_usd)).one_or_none()
    if held is None:
        return False
    changed = {
        "pending_micro_usd": budgets.c.pending_micro_usd - held.amount_micro_usd,
        "posted_micro_usd": budgets.c.posted_micro_usd + spent.micro_usd,
    }
    db.execute(update(budgets).where(budgets.c.id == held.budget_id).values(changed))
    return True


def _keep(db: Connection, attempt_id: AttemptId, lines: Sequence[CostLine], transaction: LedgerTransaction) -> None:
    """Write the lines and the movement of money that a settlement made."""
    if lines:
        db.execute(insert(cost_lines), [_line_row(attempt_id, number, line) for number, line in enumerate(lines, 1)])
    head = {"id": transaction.id, "ref": transaction.ref, "kind": transaction.kind, "at": transaction.at}
    db.execute(insert(ledger_transactions).values(head))
    entries = [
        {
            "transaction_id": transaction.id,
            "number": number,
            "account": entry.account,
            "amount_micro_usd": entry.amount.micro_usd,
        }
        for number, entry in enumerate(transaction.entries, 1)
    ]
    if entries:
        db.execute(insert(ledger_entries), entries)


def _line_row(attempt_id: AttemptId, number: int, line: CostLine) -> dict[str, Any]:
    return {
        "attempt_id": attempt_id,
        "number": number,
        "component": line.component,
        "vendor": line.vendor,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_price_micro_usd": line.unit_price.micro_usd,
        "amount_micro_usd": line.amount.micro_usd,
        "price_version": line.price_version,
    }


def _line(row: RowMapping) -> CostLine:
    return CostLine(
        component=Component(row["component"]),
        vendor=row["vendor"],
        quantity=Decimal(row["quantity"]),
        unit=Unit(row["unit"]),
        unit_price=Money(row["unit_price_micro_usd"]),
        amount=Money(row["amount_micro_usd"]),
        price_version=row["price_version"],
    )
