"""What is known of numbers, in PostgreSQL."""

from sqlalchemy import Engine, select

from shared.leads.number_check import LineType, NumberCheck, Reassigned
from shared.storage.engine import reading
from shared.storage.rows import add_once, row_of, values_of
from shared.storage.tables import number_checks


class SqlNumberCheckRepository:
    """``NumberCheckRepository`` over the ``number_checks`` table. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, check: NumberCheck) -> None:
        with self._engine.begin() as db:
            add_once(db, number_checks, row_of(check))

    def of_phone(self, phone: str) -> NumberCheck | None:
        query = select(number_checks).where(number_checks.c.phone == phone)
        query = query.order_by(number_checks.c.checked_at.desc()).limit(1)
        with reading(self._engine) as db:
            row = db.execute(query).mappings().one_or_none()
        if row is None:
            return None
        words = {
            "line_type": LineType(row["line_type"]),
            "reassigned": Reassigned(row["reassigned"]) if row["reassigned"] else None,
        }
        return NumberCheck(**values_of(row, NumberCheck) | words)
