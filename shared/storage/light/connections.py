"""A few connections to PostgreSQL, opened when they are needed and kept."""

import re
from collections.abc import Callable
from queue import Empty, LifoQueue
from threading import BoundedSemaphore
from typing import Any, LiteralString, TypeVar
from urllib.parse import urlsplit

import psycopg
from psycopg.rows import DictRow, dict_row

from shared.kernel.errors import Conflict, Malformed, ReautoError, Unavailable
from shared.storage.light.prepared import Prepared

APPLICATION = "reauto door"
CONNECT_SECONDS = 3
WAIT_SECONDS = 4.0
OPTIONS = "-c timezone=UTC -c statement_timeout=4s -c lock_timeout=3s -c idle_in_transaction_session_timeout=10s"
LOST_RACES = frozenset({"40001", "40P01", "23505"})
NOT_AN_ID = "22P02"
PREPARE_AFTER = 3

StalePlan = psycopg.errors.FeatureNotSupported
"""A table has changed since the statement was prepared."""
T = TypeVar("T")


class Db(psycopg.Connection[DictRow]):
    """A connection, and what its server prepared for it, if it does so."""

    prepared: Prepared | None = None


class Connections:
    """At most ``size`` connections; every statement is a transaction of its own.

    Statements are prepared only if the server ``prepares``: a transaction pooler that stands between would lose them.
    """

    def __init__(self, url: str, *, size: int = 1, prepares: bool = False) -> None:
        self._prepare_threshold = PREPARE_AFTER if prepares else None
        self._url = re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql://", url)
        if not self._url.startswith("postgresql://"):
            raise Malformed("DATABASE_URL is not an address: write postgresql://user:password@host:5432/name")
        self._idle: LifoQueue[Db] = LifoQueue()
        self._free = BoundedSemaphore(size)

    def rows(self, statement: LiteralString, values: dict[str, Any]) -> list[DictRow]:
        """What one statement returns. It is tried once more when a connection that had been idle turns out to be dead.

        Raises:
            Conflict: Somebody was first, or a key is taken.
            Malformed: A value is not what its column holds.
            Unavailable: The database cannot be reached, or takes too long.
        """

        def run(db: Db) -> list[DictRow]:
            known = db.prepared.rows(statement, values) if db.prepared is not None else None
            return db.execute(statement, values).fetchall() if known is None else known

        return self._on_one(run)

    def close(self) -> None:
        """Close what is idle."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    def _on_one(self, work: Callable[[Db], T]) -> T:
        if not self._free.acquire(timeout=WAIT_SECONDS):
            raise Unavailable("every connection to the database is in use")
        try:
            try:
                return self._tried(work, self._idle.get_nowait(), is_fresh=False)
            except Empty:
                return self._tried(work, self._open(), is_fresh=True)
            except (psycopg.OperationalError, StalePlan):
                return self._tried(work, self._open(), is_fresh=True)
        except psycopg.Error as error:
            raise self._in_our_words(error) from error
        finally:
            self._free.release()

    def _tried(self, work: Callable[[Db], T], db: Db, *, is_fresh: bool) -> T:
        """The work, done over one connection, which goes back to the others unless it broke."""
        try:
            return work(db)
        except psycopg.OperationalError as error:
            if not is_fresh and db.broken:
                raise
            raise self._in_our_words(error) from error
        except StalePlan:
            db.close()
            raise
        finally:
            if db.broken or db.closed:
                db.close()
            else:
                self._idle.put(db)

    def _open(self) -> Db:
        db = Db.connect(
            self._url,
            autocommit=True,
            prepare_threshold=self._prepare_threshold,
            row_factory=dict_row,
            connect_timeout=CONNECT_SECONDS,
            application_name=APPLICATION,
            options=OPTIONS,
        )
        if self._prepare_threshold is not None:
            db.prepared = Prepared(db)
        return db

    def _in_our_words(self, error: psycopg.Error) -> ReautoError:
        if error.sqlstate in LOST_RACES:
            return Conflict("another transaction was first")
        if error.sqlstate == NOT_AN_ID:
            return Malformed("that is not an id")
        address = urlsplit(self._url)
        where = f"{address.hostname or 'localhost'}:{address.port or 5432}{address.path}"
        return Unavailable(f"the database at {where} cannot be used: {type(error).__name__}")
