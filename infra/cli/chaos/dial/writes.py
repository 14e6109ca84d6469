"""Whether anything was written: into an outbox where nothing can be new, nobody needs to look."""

from collections.abc import Mapping
from typing import Any, LiteralString

from psycopg import Connection, Cursor
from psycopg.rows import DictRow
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from shared.storage.light.connections import Connections
from shared.storage.light.prepared import Prepared
from shared.storage.statements import PREPARED


class Writes:
    """Hears every statement of what it ``hears``; each that is more than a plain ``select`` may have written."""

    def __init__(self) -> None:
        self._may_be = True

    def taken(self) -> bool:
        """Whether there may have been one since this was last asked."""
        may_be, self._may_be = self._may_be, False
        return may_be

    def heard(self, statement: str) -> None:
        """A statement is made."""
        self._may_be = self._may_be or not statement.lstrip().lower().startswith("select")

    def hear(self, engine: Engine) -> None:
        """Hear the statements over connections that the engine opens from now on."""
        writes = self

        class Heard(Cursor[Any]):
            def execute(self, query: Any, *args: Any, **kwargs: Any) -> "Heard":
                writes.heard(query if isinstance(query, str) else "")
                return super().execute(query, *args, **kwargs)

        class HeardPrepared(Prepared):
            def rows(self, statement: str, values: Mapping[str, Any]) -> list[DictRow] | None:
                writes.heard(statement)
                return super().rows(statement, values)

        def opened(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
            if isinstance(connection, Connection):
                connection.cursor_factory = Heard
                if connection.prepare_threshold is not None:
                    entry.info[PREPARED] = HeardPrepared(connection)

        event.listen(engine, "connect", opened)


class HeardConnections(Connections):
    """Light connections, whose statements are heard."""

    def __init__(self, url: str, *, writes: Writes) -> None:
        super().__init__(url, size=2, prepares=True)
        self._writes = writes

    def rows(self, statement: LiteralString, values: dict[str, Any]) -> list[DictRow]:
        """What one statement returns."""
        self._writes.heard(statement)
        return super().rows(statement, values)
