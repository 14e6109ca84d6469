"""Statements for the driver itself, over the engine's own connections: for what is done again and again for every call.

SQLAlchemy takes several times as long over a small statement as the driver and the server together.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row
from sqlalchemy import Engine
from sqlalchemy.pool import ConnectionPoolEntry

from shared.kernel.errors import ReautoError
from shared.storage.engine import STALE_PLAN, in_our_words, sqlstate, whereabouts
from shared.storage.lending import LendingPool
from shared.storage.light.prepared import Prepared

CURSOR = "reauto.cursor"
PREPARED = "reauto.prepared"
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
        pool, lent = self._lent()
        try:
            prepared = _prepared(lent)
            known = prepared.rows(statement, values) if prepared is not None and values is not None else None
            return _cursor(lent).execute(statement, values).fetchall() if known is None else known
        except psycopg.Error as error:
            raise self._in_our_words(error, lent) or error from error
        finally:
            pool.give_back(lent)

    def row(self, statement: str, values: Mapping[str, Any] | None = None) -> DictRow | None:
        """The first row of what one statement returns, if there is one; raises what ``rows`` does."""
        found = self.rows(statement, values)
        return found[0] if found else None

    @contextmanager
    def together(self) -> Iterator[Db]:
        """Statements that hold together, or none of them; raises what ``rows`` does."""
        pool, lent = self._lent()
        try:
            db = _cursor(lent)
            with db.connection.transaction():
                yield db
        except psycopg.Error as error:
            raise self._in_our_words(error, lent) or error from error
        finally:
            pool.give_back(lent)

    def _lent(self) -> tuple[LendingPool, ConnectionPoolEntry]:
        """A connection, and whom it is to be given back to."""
        pool = self._engine.pool
        if not isinstance(pool, LendingPool):
            raise TypeError("the engine is none that make_engine made")
        try:
            return pool, pool.lend()
        except psycopg.Error as error:
            raise in_our_words(error, self._where, is_disconnect=True) or error from error

    def _in_our_words(self, error: psycopg.Error, lent: ConnectionPoolEntry) -> ReautoError | None:
        connection: psycopg.Connection[Any] = lent.driver_connection  # type: ignore[assignment]
        if sqlstate(error) == STALE_PLAN:
            connection.close()
        return in_our_words(error, self._where, is_disconnect=connection.broken)


def _cursor(lent: ConnectionPoolEntry) -> Db:
    """The connection's own cursor, kept with it: to make one takes as long as the driver's share of a small read."""
    known: Db | None = lent.info.get(CURSOR)
    if known is None:
        connection: psycopg.Connection[Any] = lent.driver_connection  # type: ignore[assignment]
        known = lent.info[CURSOR] = connection.cursor(row_factory=dict_row, binary=True)
    return known


def _prepared(lent: ConnectionPoolEntry) -> Prepared | None:
    """What the connection has prepared, if its server prepares."""
    try:
        return lent.info[PREPARED]  # type: ignore[no-any-return]
    except KeyError:
        connection: psycopg.Connection[Any] = lent.driver_connection  # type: ignore[assignment]
        prepares = connection.prepare_threshold is not None
        known = lent.info[PREPARED] = Prepared(connection) if prepares else None
        return known
