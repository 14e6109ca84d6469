"""The schema: forward, back, the same as the tables in the code, and by one migrator at a time."""

import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from shared.kernel.errors import Unavailable
from shared.storage import migrate
from shared.storage.engine import make_engine
from shared.storage.tables import metadata
from tests.servers import new_database

ROOT = Path(__file__).parents[3]
VERSIONS = ROOT / "migrations" / "versions"
RELATIONS = "select count(*) from pg_class where relnamespace = 'public'::regnamespace and relname <> 'alembic_version'"


def left_over(url: str) -> int:
    with psycopg.connect(url) as db:
        [count] = db.execute(f"{RELATIONS} and relname not like 'alembic_version%'".encode()).fetchone() or [0]
        [functions] = db.execute(
            b"select count(*) from pg_proc where pronamespace = 'public'::regnamespace"
        ).fetchone() or [0]
    return int(count) + int(functions)


def test_the_database_is_what_the_code_says(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.connect() as db:
        differences = compare_metadata(MigrationContext.configure(db), metadata)
    engine.dispose()

    assert differences == []
    assert migrate.current(database_url) == migrate.newest()


def test_back_to_nothing_and_forward_again(database_url: str) -> None:
    migrate.downgrade(database_url, "base")
    assert left_over(database_url) == 0
    assert migrate.current(database_url) is None

    migrate.upgrade(database_url)
    assert migrate.current(database_url) == migrate.newest()


def test_step_by_step(database_url: str) -> None:
    revisions = [re.match(r"\d{4}", path.name) for path in sorted(VERSIONS.glob("[0-9]*.py"))]
    for found in reversed(revisions[:-1]):
        assert found is not None
        migrate.downgrade(database_url, found.group())
    for found in revisions:
        assert found is not None
        migrate.upgrade(database_url, found.group())

    assert migrate.current(database_url) == migrate.newest()


def test_several_migrators_wait_for_each_other(postgres_url: str) -> None:
    with new_database(postgres_url) as url:
        program = [sys.executable, "-c", f"from shared.storage.migrate import upgrade; upgrade({url!r})"]
        migrators = [subprocess.Popen(program, cwd=ROOT) for _ in range(2)]
        migrate.upgrade(url)

        assert [migrator.wait(60) for migrator in migrators] == [0, 0]
        assert migrate.current(url) == migrate.newest()


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted(VERSIONS.glob("[0-9]*.py"))]

    assert numbers == list(range(1, len(numbers) + 1))


def test_a_database_that_cannot_be_reached_is_said_so() -> None:
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:1/nowhere"):
        migrate.upgrade("postgresql://nobody:secret@127.0.0.1:1/nowhere")
