"""The connection to PostgreSQL, and how its failures read in our words."""

import json
import re
import time
from math import inf
from typing import Any

from psycopg import Connection as DriverConnection
from psycopg import Error as DriverError
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg.types.string import TextLoader
from pydantic_core import PydanticSerializationError, from_json, to_json
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from shared.kernel.errors import Conflict, Malformed, NotFound, ReautoError, Unavailable
from shared.storage.lending import FRESH_UNTIL, LendingPool
from shared.storage.light.connections import PREPARE_AFTER

APPLICATION = "reauto"
CONNECT_SECONDS = 5
POOL_WAIT_SECONDS = 30
REST_SECONDS = 1.0
STANDS_ALONE = "reauto_stands_alone"
TIMEOUTS = {"statement_timeout": "15s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "30s"}

# https://www.postgresql.org/docs/current/errcodes-appendix.html
FOREIGN_KEY = "23503"
NOT_AN_ID = "22P02"
STALE_PLAN = "0A000"
LOST_RACES = frozenset({"40001", "40P01"})
LEAD_MOVES = "leads_moves"
PASSING = frozenset({"53300", "53400", "55P03", "57014", "57P01", "57P02", "57P03", "25P03", "25006"})


def normalised(url: str) -> URL:
    """The address as SQLAlchemy wants it, whoever wrote it: ``postgres://``, ``postgresql://`` or with a driver.

    Raises:
        Malformed: It is not the address of a PostgreSQL database.
    """
    try:
        parsed = make_url(re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg://", url))
    except (ArgumentError, ValueError) as error:
        raise Malformed("DATABASE_URL is not an address: write postgresql://user:password@host:5432/name") from error
    if parsed.drivername != "postgresql+psycopg":
        raise Malformed(f"DATABASE_URL names {parsed.drivername}: only PostgreSQL will do")
    return parsed


def make_engine(
    url: str,
    *,
    pool_size: int = 5,
    application_name: str = APPLICATION,
    prepares: bool = False,
    timeouts: bool = True,
    rest_seconds: float = REST_SECONDS,
) -> Engine:
    """Connections to the database at ``url``; none is opened before the first use.

    A connection that rested for ``rest_seconds`` is asked whether it lives before it is used. Statements are prepared
    only if the server ``prepares``: a transaction pooler that stands between would lose them. Failures of the
    connection are raised as ``Unavailable``, with one line that says where the database was looked for.
    """
    address = normalised(url)
    limits = {"timezone": "UTC", **(TIMEOUTS if timeouts else {})}
    arguments: dict[str, Any] = {
        "autocommit": True,
        "prepare_threshold": PREPARE_AFTER if prepares else None,
        "application_name": application_name,
        "connect_timeout": CONNECT_SECONDS,
    }
    if "options" not in address.query:
        arguments["options"] = " ".join(f"-c {name}={value}" for name, value in limits.items())
    engine = create_engine(
        address,
        poolclass=LendingPool,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
        pool_reset_on_return=None,
        connect_args=arguments,
        hide_parameters=True,
    )
    where = whereabouts(address)
    event.listen(engine, "handle_error", lambda context: _translate(context, where))
    event.listen(engine, "connect", _read_and_write_values)
    event.listen(engine, "begin", _begin)
    _ask_after_rest(engine, rest_seconds)
    return engine


def whereabouts(address: URL) -> str:
    """Where a database is looked for, without who asks."""
    return f"{address.host or 'localhost'}:{address.port or 5432}/{address.database or ''}"


class IdLoader(Loader):
    """An id as it is written, of its sixteen bytes."""

    format = Format.BINARY

    def load(self, data: Buffer) -> str:
        text = bytes(data).hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _written_as_json(value: Any) -> bytes:
    try:
        return to_json(value)
    except PydanticSerializationError:  # half a character, for one, which the server is to refuse
        return json.dumps(value).encode()


def _read_and_write_values(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Ids are text everywhere; the driver need not make objects of them. JSON is read and written in compiled code."""
    if isinstance(connection, DriverConnection):
        set_json_loads(from_json, connection)
        set_json_dumps(_written_as_json, connection)
        connection.adapters.register_loader("uuid", TextLoader)
        connection.adapters.register_loader("uuid", IdLoader)


def reading(engine: Engine) -> Connection:
    """A connection for statements that only read: each stands alone, without the cost of a transaction.

    The end of a transaction that changed nothing would also make the driver forget what it has prepared.
    """
    return engine.connect().execution_options(**{STANDS_ALONE: True})


def _begin(connection: Connection) -> None:
    """Begin a transaction where one is meant; the driver itself, for which each statement stands alone, begins none."""
    if not connection.get_execution_options().get(STANDS_ALONE):
        connection.connection.cursor().execute("begin")


def _ask_after_rest(engine: Engine, rest_seconds: float) -> None:
    """Ask a connection that has rested whether it still lives; to ask every time would double the work of a read."""

    def returned(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info[FRESH_UNTIL] = time.monotonic() + rest_seconds

    def taken(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection | None) -> None:
        if time.monotonic() < entry.info.get(FRESH_UNTIL, inf):
            return
        try:
            engine.dialect.do_ping(connection)
        except DriverError as error:
            raise DisconnectionError("the connection died while it rested") from error

    event.listen(engine, "checkin", returned)
    event.listen(engine, "checkout", taken)


def sqlstate(error: BaseException | None) -> str | None:
    """PostgreSQL's five-character code of an error, if it has one."""
    return error.sqlstate if isinstance(error, DriverError) else None


def constraint(error: BaseException | None) -> str | None:
    """The constraint that an error says was violated."""
    return error.diag.constraint_name if isinstance(error, DriverError) else None


def _translate(context: ExceptionContext, where: str) -> None:
    """Raise ours for what every statement may meet; what only one method can explain passes through."""
    cause = context.original_exception
    if not isinstance(cause, Exception):  # Ctrl-C in the middle of a statement, which counts as a disconnect
        return
    if sqlstate(cause) == STALE_PLAN:
        context.is_disconnect = True
    ours = in_our_words(cause, where, is_disconnect=context.is_disconnect or context.connection is None)
    if ours is not None:
        raise ours from cause


def in_our_words(cause: BaseException, where: str, *, is_disconnect: bool) -> ReautoError | None:
    """Our error for what any statement may meet, ``None`` for what only one method can explain."""
    code = sqlstate(cause)
    if code == STALE_PLAN:
        return Unavailable("a table has changed since a statement was prepared: try again")
    if is_disconnect or code in PASSING or (code or "").startswith("08"):
        lines = str(cause).strip().splitlines()
        return Unavailable(f"the database at {where} cannot be used: {lines[0] if lines else type(cause).__name__}")
    if code in LOST_RACES:
        return Conflict("another transaction was first")
    if constraint(cause) == LEAD_MOVES:
        return Conflict("the lead stands where it cannot move to that from, or is being called")
    if code == FOREIGN_KEY:
        return NotFound(f"it refers to something that does not exist ({constraint(cause)})")
    if code == NOT_AN_ID:
        return Malformed("that is not an id")
    return None
