"""What is known of numbers, in PostgreSQL."""

from sqlalchemy import Engine

from shared.leads.number_check import LineType, NumberCheck, Reassigned
from shared.storage.rows import add_once, row_of, values_of
from shared.storage.statements import Statements
from shared.storage.tables import number_checks

NEWEST = "select * from number_checks where phone = %(phone)s order by checked_at desc limit 1"


class SqlNumberCheckRepository:
    """``NumberCheckRepository`` over the ``number_checks`` table. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._statements = Statements(engine)

    def add(self, check: NumberCheck) -> None:
        with self._engine.begin() as db:
            add_once(db, number_checks, row_of(check))

    def of_phone(self, phone: str) -> NumberCheck | None:
        row = self._statements.row(NEWEST, {"phone": phone})
        if row is None:
            return None
        words = {
            "line_type": LineType(row["line_type"]),
            "reassigned": Reassigned(row["reassigned"]) if row["reassigned"] else None,
        }
        return NumberCheck(**values_of(row, NumberCheck) | words)
