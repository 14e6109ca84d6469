"""Statements for the driver itself, over the engine's own connections: for what is done again and again for every call.

SQLAlchemy takes several times as long over a small statement as the driver and the server together.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row
from sqlalchemy import Engine
from sqlalchemy.pool import PoolProxiedConnection

from shared.kernel.errors import ReautoError
from shared.storage.engine import STALE_PLAN, in_our_words, sqlstate, whereabouts
from shared.storage.light.prepared import Prepared

IDLE = psycopg.pq.TransactionStatus.IDLE
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
        pooled = self._taken()
        try:
            prepared = _prepared(pooled)
            known = prepared.rows(statement, values) if prepared is not None and values is not None else None
            return _cursor(pooled).execute(statement, values).fetchall() if known is None else known
        except psycopg.Error as error:
            raise self._in_our_words(error, pooled) or error from error
        finally:
            _give_back(pooled)

    def row(self, statement: str, values: Mapping[str, Any] | None = None) -> DictRow | None:
        """The first row of what one statement returns, if there is one; raises what ``rows`` does."""
        found = self.rows(statement, values)
        return found[0] if found else None

    @contextmanager
    def together(self) -> Iterator[Db]:
        """Statements that hold together, or none of them; raises what ``rows`` does."""
        pooled = self._taken()
        try:
            db = _cursor(pooled)
            with db.connection.transaction():
                yield db
        except psycopg.Error as error:
            raise self._in_our_words(error, pooled) or error from error
        finally:
            _give_back(pooled)

    def _taken(self) -> PoolProxiedConnection:
        try:
            return self._engine.raw_connection()
        except psycopg.Error as error:
            raise in_our_words(error, self._where, is_disconnect=True) or error from error

    def _in_our_words(self, error: psycopg.Error, pooled: PoolProxiedConnection) -> ReautoError | None:
        connection: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]
        if sqlstate(error) == STALE_PLAN:
            connection.close()
        return in_our_words(error, self._where, is_disconnect=connection.broken)


def _cursor(pooled: PoolProxiedConnection) -> Db:
    """The connection's own cursor, kept with it: to make one takes as long as the driver's share of a small read."""
    known: Db | None = pooled.info.get(CURSOR)
    if known is None:
        connection: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]
        known = pooled.info[CURSOR] = connection.cursor(row_factory=dict_row, binary=True)
    return known


def _prepared(pooled: PoolProxiedConnection) -> Prepared | None:
    """What the connection has prepared, if its server prepares."""
    try:
        return pooled.info[PREPARED]  # type: ignore[no-any-return]
    except KeyError:
        connection: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]
        prepares = connection.prepare_threshold is not None
        known = pooled.info[PREPARED] = Prepared(connection) if prepares else None
        return known


def _give_back(pooled: PoolProxiedConnection) -> None:
    """To the pool, which loses it unless it is as it was."""
    connection: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]
    if connection.pgconn.transaction_status == IDLE:
        pooled.close()
    else:
        pooled.invalidate()
