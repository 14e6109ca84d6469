"""SQLAlchemy's pool, which also lends its connections as they are, to whoever takes one for a single statement."""

import time
from math import inf
from typing import Any

import psycopg
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

FRESH_UNTIL = "reauto.fresh_until"
"""Among what is kept about a connection: until when nobody asks whether it lives, on the machine's monotonic clock."""


class LendingPool(QueuePool):
    """A queue of connections. What SQLAlchemy wraps around one that it hands out takes as long as a small read."""

    def lend(self) -> ConnectionPoolEntry:
        """A connection that lives, with what is kept about it; it has to be given back.

        Raises:
            psycopg.Error: It could not be opened.
            sqlalchemy.exc.TimeoutError: All are in use, and stay so.
        """
        entry: Any = self._do_get()
        is_lent = False
        try:
            connection = entry.get_connection()
            if time.monotonic() >= entry.info.get(FRESH_UNTIL, inf):
                try:
                    self.dispatch.checkout(connection, entry, None)
                except DisconnectionError as error:
                    entry.invalidate(error)
                    entry.get_connection()
            is_lent = True
        finally:
            if not is_lent:
                entry.checkin(_fairy_was_created=False)
        return entry  # type: ignore[no-any-return]

    def give_back(self, entry: ConnectionPoolEntry) -> None:
        """A connection that was lent; one that is not as it was is closed."""
        connection: psycopg.Connection[Any] = entry.driver_connection  # type: ignore[assignment]
        if connection.pgconn.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            entry.invalidate()
        self.dispatch.checkin(entry.dbapi_connection, entry)
        self._do_return_conn(entry)
