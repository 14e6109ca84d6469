"""Rows of the ledger and the cost lines, inside someone else's transaction; none of them ever changes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select

from shared.costs import Charge, Component, CostLine, LedgerTransaction, Unit
from shared.kernel.ids import AttemptId, BudgetId
from shared.kernel.money import Money
from shared.storage.tables import charges, cost_lines, ledger_entries, ledger_transactions


def post(db: Connection, transaction: LedgerTransaction) -> None:
    """Write a movement of money."""
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


def lines_of(db: Connection, attempt_id: AttemptId) -> tuple[CostLine, ...]:
    """The lines of an attempt as they were written, in order."""
    query = select(cost_lines).where(cost_lines.c.attempt_id == attempt_id).order_by(cost_lines.c.number)
    return tuple(_line(row) for row in db.execute(query).mappings())


def add_lines(db: Connection, attempt_id: AttemptId, lines: Sequence[CostLine], *, after: int) -> None:
    """Write further lines of an attempt that has ``after`` so far."""
    if lines:
        db.execute(insert(cost_lines), [_row(attempt_id, number, line) for number, line in enumerate(lines, after + 1)])


def add_charge(db: Connection, charge: Charge, budget_ids: Sequence[BudgetId]) -> None:
    """Write the lines of a charge that is booked on these budgets."""
    head = {"id": charge.id, "at": charge.at, "budget_ids": list(budget_ids)}
    db.execute(insert(charges), [head | _priced(number, line) for number, line in enumerate(charge.lines, 1)])


def _row(attempt_id: AttemptId, number: int, line: CostLine) -> dict[str, Any]:
    return {"attempt_id": attempt_id} | _priced(number, line)


def _priced(number: int, line: CostLine) -> dict[str, Any]:
    return {
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
