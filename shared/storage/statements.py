"""Statements for the driver itself, over the engine's own connections: for what is done again and again for every call.

SQLAlchemy takes several times as long over a small statement as the driver and the server together.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb
from sqlalchemy import Engine

from shared.storage.engine import in_our_words, whereabouts

IDLE = psycopg.pq.TransactionStatus.IDLE
Db = psycopg.Cursor[DictRow]


class Statements:
    """psycopg over the pool of ``engine``. Ids come as text; rows as dictionaries.

    Failures that every statement may meet are raised in our words, broken promises of the tables
    (``psycopg.IntegrityError``) as they are.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._where = whereabouts(engine.url)

    def rows(self, statement: str, values: Mapping[str, Any] | None = None) -> list[DictRow]:
        """What one statement returns; it is a transaction of its own.

        Raises:
            Conflict: Somebody was first.
            Malformed: A value is not what its column holds.
            NotFound: It refers to something that does not exist.
            Unavailable: The database cannot be reached, or takes too long.
        """
        with self._cursor() as db:
            return db.execute(statement, values).fetchall()

    def row(self, statement: str, values: Mapping[str, Any] | None = None) -> DictRow | None:
        """The first row of what one statement returns, if there is one; raises what ``rows`` does."""
        with self._cursor() as db:
            return db.execute(statement, values).fetchone()

    @contextmanager
    def together(self) -> Iterator[Db]:
        """Statements that hold together, or none of them; raises what ``rows`` does."""
        with self._cursor() as db, db.connection.transaction():
            yield db

    @contextmanager
    def _cursor(self) -> Iterator[Db]:
        """A cursor over a connection of the pool, which gets it back as it was, or loses it when it broke."""
        try:
            pooled = self._engine.raw_connection()
        except psycopg.Error as error:
            raise in_our_words(error, self._where, is_disconnect=True) or error from error
        connection: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]
        try:
            connection.autocommit = True
            with connection.cursor(row_factory=dict_row) as db:
                yield db
        except psycopg.Error as error:
            ours = in_our_words(error, self._where, is_disconnect=connection.broken)
            if ours is None:
                raise
            raise ours from error
        finally:
            if connection.info.transaction_status is IDLE:
                connection.autocommit = False
                pooled.close()
            else:
                pooled.invalidate()


def as_told(rows: Sequence[Mapping[str, Any]]) -> Jsonb:
    """Rows as one parameter, for ``jsonb_to_recordset``. Moments and ids are text there."""
    return Jsonb(rows)
