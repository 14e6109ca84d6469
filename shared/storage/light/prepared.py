"""What a connection has prepared, run again with the least that the driver has to do for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import psycopg
from psycopg import abc
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import DiagnosticField, ExecStatus, Format
from psycopg.rows import DictRow

MOST = 200
NO_SUCH_STATEMENT = b"26000"
PLACE = re.compile(r"%(?:\((\w+)\)s|%)")


@dataclass(frozen=True, kw_only=True, eq=False)
class Written:
    """A statement as the server reads it, and the names of its values in their order."""

    text: bytes
    names: tuple[str, ...]
    formats: tuple[PyFormat, ...]


@dataclass(kw_only=True, eq=False)
class Plan:
    """A statement that was prepared for values of certain types; what its rows are made of is known after one run."""

    name: bytes
    columns: tuple[str, ...] = ()
    loads: abc.Transformer | None = None


class Prepared:
    """The statements of one connection, each prepared when it comes for the second time.

    Nobody else may use the connection meanwhile, and it has to be one of the server's own: a pooler between would lose
    what was prepared.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._server = connection.pgconn
        self._dumps: abc.Transformer = Transformer(connection)
        self._written: dict[str, Written | None] = {}
        self._plans: dict[tuple[str, tuple[int, ...]], Plan] = {}
        self._numbers = count()

    def rows(self, statement: str, values: Mapping[str, Any]) -> list[DictRow] | None:
        """What a statement returns that stands alone; ``None`` when it was not run, since it is not worth preparing.

        Raises:
            psycopg.Error: As the driver does.
        """
        written = self._known(statement)
        if written is None:
            return None
        told = self._dumps.dump_sequence([values[name] for name in written.names], written.formats)
        types, formats = self._dumps.types or (), self._dumps.formats
        for _ in range(2):
            plan = self._plans.get((statement, types)) or self._prepare(statement, written, types)
            result = self._server.exec_prepared(plan.name, told, formats, Format.BINARY)  # type: ignore[arg-type]
            if result.status == ExecStatus.TUPLES_OK:
                return self._loaded(plan, result)
            if result.status == ExecStatus.COMMAND_OK:
                raise psycopg.ProgrammingError("the statement returns no rows")
            if result.error_field(DiagnosticField.SQLSTATE) != NO_SUCH_STATEMENT:
                break
            self._plans.clear()  # the driver has the server forget everything when a transaction is rolled back
        raise self._error(result)

    def _known(self, statement: str) -> Written | None:
        """How the server reads a statement that came before."""
        try:
            known = self._written[statement]
        except KeyError:
            if len(self._written) < MOST:
                self._written[statement] = None
            return None
        if known is None:
            known = self._written[statement] = _written(statement)
        return known

    def _prepare(self, statement: str, written: Written, types: tuple[int, ...]) -> Plan:
        plan = Plan(name=f"reauto_{next(self._numbers)}".encode())
        result = self._server.prepare(plan.name, written.text, types)
        if result.status != ExecStatus.COMMAND_OK:
            raise self._error(result)
        self._plans[statement, types] = plan
        return plan

    def _error(self, result: psycopg.pq.abc.PGresult) -> psycopg.Error:
        if self._connection.broken:
            return psycopg.OperationalError(result.get_error_message())
        return psycopg.errors.error_from_result(result)

    def _loaded(self, plan: Plan, result: psycopg.pq.abc.PGresult) -> list[DictRow]:
        """The rows. What columns a prepared statement returns never changes: the server refuses to run it then."""
        loads = plan.loads
        if loads is None:
            loads = Transformer(self._connection)
            loads.set_pgresult(result)
            names = (result.fname(place) or b"" for place in range(result.nfields))
            plan.loads, plan.columns = loads, tuple(name.decode() for name in names)
        else:
            loads.set_pgresult(result, set_loaders=False)
        columns = plan.columns
        rows = loads.load_rows(0, result.ntuples, lambda told: dict(zip(columns, told, strict=True)))
        loads.set_pgresult(None, set_loaders=False)
        return rows


def _written(statement: str) -> Written:
    names: list[str] = []

    def placed(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return "%"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    text = PLACE.sub(placed, statement)
    return Written(text=text.encode(), names=tuple(names), formats=(PyFormat.AUTO,) * len(names))
