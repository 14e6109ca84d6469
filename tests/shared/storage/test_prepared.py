"""What a connection has prepared returns what the driver itself would, and survives what befalls a connection."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from shared.storage.light.prepared import Prepared

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def db(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True) as opened:
        opened.execute("create table boxes (n int, at timestamptz, told jsonb, words text[])")
        yield opened


@pytest.fixture
def prepared(db: psycopg.Connection[Any]) -> Prepared:
    return Prepared(db)


def twice(prepared: Prepared, statement: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    """What it returns when it is known."""
    prepared.rows(statement, values)
    rows = prepared.rows(statement, values)
    assert rows is not None
    return rows


def test_what_comes_for_the_first_time_is_left_to_the_driver(prepared: Prepared) -> None:
    assert prepared.rows("select %(n)s::int as n", {"n": 1}) is None
    assert prepared.rows("select %(n)s::int as n", {"n": 1}) == [{"n": 1}]


@pytest.mark.parametrize(
    "values",
    [
        {"n": 7, "at": NOON, "told": "{}", "words": ["a", "b"]},
        {"n": 2**30, "at": None, "told": '{"a": [1, null]}', "words": []},
        {"n": None, "at": NOON.isoformat(), "told": None, "words": None},
    ],
)
def test_rows_are_those_of_the_driver(prepared: Prepared, db: psycopg.Connection[Any], values: dict[str, Any]) -> None:
    keep = "insert into boxes values (%(n)s, %(at)s, %(told)s, %(words)s) returning *, %(n)s::int %% 5 as rest"
    expected = db.cursor(row_factory=dict_row, binary=True).execute(keep, values).fetchall()

    assert twice(prepared, keep, values) == expected
    assert prepared.rows(keep, values) == expected


def test_values_of_other_types_are_prepared_for_on_their_own(prepared: Prepared) -> None:
    statement = "select %(n)s as n"

    twice(prepared, statement, {"n": 1})
    assert prepared.rows(statement, {"n": 2**40}) == [{"n": 2**40}]
    assert prepared.rows(statement, {"n": None}) == [{"n": None}]
    assert prepared.rows(statement, {"n": True}) == [{"n": True}]
    assert prepared.rows(statement, {"n": 2}) == [{"n": 2}]


def test_what_the_server_was_told_to_forget_is_prepared_again(prepared: Prepared, db: psycopg.Connection[Any]) -> None:
    statement = "select %(n)s::int as n"
    twice(prepared, statement, {"n": 1})
    db.execute("deallocate all")

    assert prepared.rows(statement, {"n": 2}) == [{"n": 2}]


def test_errors_are_those_of_the_driver(prepared: Prepared, db: psycopg.Connection[Any]) -> None:
    statement = "select 1 / %(n)s::int as n"
    twice(prepared, statement, {"n": 1})

    with pytest.raises(psycopg.errors.DivisionByZero):
        prepared.rows(statement, {"n": 0})
    with pytest.raises(psycopg.ProgrammingError):
        twice(prepared, "select * from nothing where n = %(n)s", {"n": 0})
    with pytest.raises(psycopg.ProgrammingError):
        twice(prepared, "set statement_timeout = 0", {})
    assert db.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_a_connection_that_died_says_so(prepared: Prepared, db: psycopg.Connection[Any], database_url: str) -> None:
    statement = "select %(n)s::int as n"
    twice(prepared, statement, {"n": 1})
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", [db.info.backend_pid])

    with pytest.raises(psycopg.OperationalError):
        prepared.rows(statement, {"n": 1})
    assert db.broken
