"""Rows of the ledger and the cost lines, inside someone else's transaction; none of them ever changes."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert

from shared.costs import Charge, Component, CostLine, LedgerTransaction, Unit
from shared.kernel.ids import BudgetId
from shared.kernel.money import Money
from shared.storage.tables import charges, ledger_entries, ledger_transactions

LINES = "select * from cost_lines where attempt_id = %(attempt)s order by number"


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


def add_charge(db: Connection, charge: Charge, budget_ids: Sequence[BudgetId]) -> None:
    """Write the lines of a charge that is booked on these budgets."""
    head = {"id": charge.id, "at": charge.at, "budget_ids": list(budget_ids)}
    db.execute(insert(charges), [head | line_row(number, line) for number, line in enumerate(charge.lines, 1)])


def line_row(number: int, line: CostLine) -> dict[str, Any]:
    """A line as a row, without whose it is."""
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


def line_of(row: Mapping[str, Any]) -> CostLine:
    """The line that a row tells of."""
    return CostLine(
        component=Component(row["component"]),
        vendor=row["vendor"],
        quantity=Decimal(row["quantity"]),
        unit=Unit(row["unit"]),
        unit_price=Money(row["unit_price_micro_usd"]),
        amount=Money(row["amount_micro_usd"]),
        price_version=row["price_version"],
    )
