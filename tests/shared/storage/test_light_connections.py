"""Connections outlive the server's restarts, and say in our words what went wrong."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from infra.local.child import free_port
from shared.kernel.errors import Conflict, Malformed, Unavailable
from shared.storage.light.connections import Connections

PID = "select pg_backend_pid() as pid"


def test_a_connection_is_used_again(database_url: str) -> None:
    connections = Connections(database_url)

    assert connections.rows(PID, {}) == connections.rows(PID, {})
    connections.close()


def test_no_more_connections_are_opened_than_allowed(database_url: str) -> None:
    connections = Connections(database_url, size=2)
    with ThreadPoolExecutor(8) as pool:
        told = pool.map(lambda _: connections.rows("select pg_backend_pid() as pid, pg_sleep(0.01)", {}), range(24))
        pids = {rows[0]["pid"] for rows in told}
    connections.close()

    assert len(pids) <= 2


def test_a_connection_that_died_while_it_was_idle_is_not_noticed(database_url: str) -> None:
    connections = Connections(database_url)
    [row] = connections.rows(PID, {})
    with psycopg.connect(database_url, autocommit=True) as db:
        db.execute("select pg_terminate_backend(%s)", [row["pid"]])

    [other] = connections.rows(PID, {})
    connections.close()
    assert other["pid"] != row["pid"]


def test_a_server_that_is_away_is_named_without_the_password() -> None:
    port = free_port()

    with pytest.raises(Unavailable, match=rf"^the database at 127.0.0.1:{port}/x cannot be used: OperationalError$"):
        Connections(f"postgres://ada:secret@127.0.0.1:{port}/x").rows(PID, {})


def test_a_statement_that_takes_too_long_is_given_up(database_url: str) -> None:
    connections = Connections(database_url)
    connections.rows("select set_config('statement_timeout', '1ms', false)", {})

    with pytest.raises(Unavailable):
        connections.rows("select pg_sleep(5)", {})
    connections.close()


def test_what_the_database_refuses_is_said_in_our_words(database_url: str) -> None:
    connections = Connections(database_url)

    with pytest.raises(Malformed):
        connections.rows("select 'nobody'::uuid", {})
    with pytest.raises(Conflict):
        connections.rows("do $$ begin raise exception using errcode = 'unique_violation'; end $$", {})
    connections.close()


def test_an_address_of_something_else_is_refused() -> None:
    with pytest.raises(Malformed, match="DATABASE_URL"):
        Connections("mysql://127.0.0.1/x")


def test_a_prepared_statement_outlives_a_change_of_its_table(database_url: str) -> None:
    connections = Connections(database_url, prepares=True)
    with psycopg.connect(database_url, autocommit=True) as db:
        db.execute("create table boxes (n int)")
        db.execute("insert into boxes values (1)")
        for _ in range(8):
            assert connections.rows("select * from boxes", {}) == [{"n": 1}]
        db.execute("alter table boxes add column colour text")

    assert connections.rows("select * from boxes", {}) == [{"n": 1, "colour": None}]
    connections.close()
