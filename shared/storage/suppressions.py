"""Suppressed numbers in PostgreSQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, RowMapping, select
from sqlalchemy.dialects.postgresql import insert

from shared.kernel.ids import new_id
from shared.leads import Suppression, SuppressionReason
from shared.storage.engine import reading
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
        with self._engine.begin() as db:
            add_once(db, suppressions, _row(suppression))

    def add_all(self, entries: Sequence[Suppression]) -> None:
        if entries:
            with self._engine.begin() as db:
                db.execute(insert(suppressions).on_conflict_do_nothing(), [_row(entry) for entry in entries])

    def of_phone(self, phone: str) -> Sequence[Suppression]:
        query = select(suppressions).where(suppressions.c.phone == phone).order_by(suppressions.c.at, suppressions.c.id)
        with reading(self._engine) as db:
            return [_suppression(row) for row in db.execute(query).mappings()]

    def newest(self, *, limit: int) -> Sequence[Suppression]:
        query = select(suppressions).order_by(suppressions.c.at.desc(), suppressions.c.id.desc()).limit(limit)
        with reading(self._engine) as db:
            return [_suppression(row) for row in db.execute(query).mappings()]


def _row(suppression: Suppression) -> dict[str, Any]:
    row = row_of(suppression) | {"id": new_id()}
    return row | {"seller_id": None} if suppression.reason is SuppressionReason.OPT_OUT else row


def _suppression(row: RowMapping) -> Suppression:
    return Suppression(**values_of(row, Suppression) | {"reason": SuppressionReason(row["reason"])})
