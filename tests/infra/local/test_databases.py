"""The project makes its own databases on whatever server it is given."""

import psycopg
import pytest

from infra.local.databases import ensure_database, with_name
from shared.kernel.errors import Unavailable


@pytest.mark.real_servers
def test_a_missing_database_is_made_and_an_existing_one_kept(postgres_url: str) -> None:
    url = ensure_database(postgres_url, "kept", fresh=False)
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("create table t (n int)")

    assert ensure_database(postgres_url, "kept", fresh=False) == url
    with psycopg.connect(url) as db:
        assert db.execute("select count(*) from t").fetchone() == (0,)


@pytest.mark.real_servers
def test_a_fresh_database_is_empty_whoever_was_connected(postgres_url: str) -> None:
    url = ensure_database(postgres_url, "emptied", fresh=False)
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("create table t (n int)")
        ensure_database(postgres_url, "emptied", fresh=True)

    with psycopg.connect(url) as db:
        assert db.execute("select to_regclass('t')").fetchone() == (None,)


def test_a_server_that_is_away_is_one_line_without_its_password() -> None:
    with pytest.raises(Unavailable) as away:
        ensure_database("postgresql://me:secret@127.0.0.1:1/x", "reauto", fresh=False)

    assert "127.0.0.1:1" in str(away.value)
    assert "secret" not in str(away.value)
    assert "\n" not in str(away.value)


def test_another_database_of_the_same_server() -> None:
    url = "postgresql://me:secret@db.example:5433/main?sslmode=require"

    assert with_name(url, "other") == "postgresql://me:secret@db.example:5433/other?sslmode=require"
