"""Statements for the driver leave connections as they found them, whatever becomes of them."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, text

from shared.kernel.errors import Malformed, Unavailable
from shared.kernel.ids import new_id
from shared.storage.engine import make_engine, reading
from shared.storage.statements import Statements

PID = "select pg_backend_pid() as pid"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """One connection, over which statements are prepared."""
    opened = make_engine(database_url, pool_size=1, prepares=True)
    yield opened
    opened.dispose()


@pytest.fixture
def statements(engine: Engine) -> Statements:
    with engine.begin() as db:
        db.execute(text("create table boxes (n int, id uuid)"))
    return Statements(engine)


def add_column(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as db:
        db.execute("alter table boxes add column colour text")


def insert_two(statements: Statements) -> None:
    with statements.together() as db:
        db.execute("insert into boxes values (1, null)")
        db.execute("insert into boxes values (2, 'nobody')")


def test_ids_are_text(statements: Statements) -> None:
    written = new_id()
    statements.rows("insert into boxes values (1, %(id)s) returning n", {"id": written})

    assert statements.row("select id from boxes") == {"id": written}
    assert statements.row("select array[id] as ids from boxes") == {"ids": [written]}


def test_what_holds_together_is_undone_together(statements: Statements, engine: Engine) -> None:
    with pytest.raises(Malformed):
        insert_two(statements)

    assert statements.rows("select * from boxes") == []
    with engine.begin() as other:
        other.execute(text("insert into boxes values (3, null)"))
        other.rollback()
    assert statements.rows("select * from boxes") == []


def test_a_failed_statement_costs_no_connection(statements: Statements) -> None:
    before = statements.row(PID)
    with pytest.raises(Malformed):
        statements.rows("select * from boxes where id = %(id)s", {"id": "nobody"})

    assert statements.row(PID) == before


def test_a_connection_left_inside_a_transaction_is_given_up(statements: Statements) -> None:
    before = statements.row(PID)
    with pytest.raises(psycopg.ProgrammingError):
        statements.rows("begin")

    assert statements.row(PID) != before


def test_a_table_that_changed_is_read_anew(statements: Statements, database_url: str) -> None:
    for _ in range(8):
        statements.rows("select * from boxes")
    add_column(database_url)

    with pytest.raises(Unavailable, match="try again"):
        statements.rows("select * from boxes")
    assert statements.rows("select * from boxes") == []


def test_a_table_that_changed_is_read_anew_by_sqlalchemy_too(
    statements: Statements, engine: Engine, database_url: str
) -> None:
    def read() -> int:
        with reading(engine) as db:
            return len(db.execute(text("select * from boxes")).all())

    for _ in range(8):
        read()
    add_column(database_url)

    with pytest.raises(Unavailable, match="try again"):
        read()
    assert read() == 0
