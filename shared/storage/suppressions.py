"""Suppressed numbers in PostgreSQL."""

from collections.abc import Sequence

from sqlalchemy import Engine, select

from shared.kernel.ids import new_id
from shared.leads import Suppression, SuppressionReason
from shared.storage.rows import add_once, row_of, values_of
from shared.storage.tables import suppressions


class SqlSuppressionRepository:
    """``SuppressionRepository`` over the ``suppressions`` table. One method, one transaction.

    An opt-out covers the whole installation whatever it names, and the database moves every lead of the number
    to opted out in the same transaction. Adding needs no right to read, so the voice node's role may do it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, suppression: Suppression) -> None:
        row = row_of(suppression) | {"id": new_id()}
        if suppression.reason is SuppressionReason.OPT_OUT:
            row["seller_id"] = None
        with self._engine.begin() as db:
            add_once(db, suppressions, row)

    def of_phone(self, phone: str) -> Sequence[Suppression]:
        query = select(suppressions).where(suppressions.c.phone == phone).order_by(suppressions.c.at, suppressions.c.id)
        with self._engine.connect() as db:
            return [
                Suppression(**values_of(row, Suppression) | {"reason": SuppressionReason(row["reason"])})
                for row in db.execute(query).mappings()
            ]
