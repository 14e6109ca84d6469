"""Real servers for tests: one PostgreSQL and one Redis per test process, a fresh database per test.

Fixtures: ``postgres_url``, ``database_url``, ``module_database_url``, ``redis_url``.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from infra.local.passing import forgetful_postgres, passing_redis, reachable_folder

TEMPLATE = "migrated_template"
_numbers = itertools.count(1)


@contextmanager
def new_database(admin_url: str, *, template: str = "template1") -> Iterator[str]:
    """A database of its own, dropped afterwards whoever is still connected."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(admin_url, autocommit=True) as db:
        db.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
    try:
        yield admin_url.rpartition("/")[0] + f"/{name}"
    finally:
        with psycopg.connect(admin_url, autocommit=True) as db:
            db.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server for the whole run: the address of its maintenance database, as its owner."""
    with reachable_folder() as folder, forgetful_postgres(folder) as server:
        yield server.url()


@pytest.fixture(scope="session")
def migrated_template(postgres_url: str) -> str:
    """The name of a database at the newest migration, to clone from."""
    from shared.storage.migrate import upgrade

    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {TEMPLATE}".encode())
    upgrade(postgres_url.rpartition("/")[0] + f"/{TEMPLATE}")
    return TEMPLATE


@pytest.fixture
def database_url(postgres_url: str, migrated_template: str) -> Iterator[str]:
    """A fresh, migrated, empty database for one test."""
    with new_database(postgres_url, template=migrated_template) as url:
        yield url


@pytest.fixture(scope="module")
def module_database_url(postgres_url: str, migrated_template: str) -> Iterator[str]:
    """A fresh, migrated database that the tests of one module share."""
    with new_database(postgres_url, template=migrated_template) as url:
        yield url


@pytest.fixture(scope="session")
def redis_server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis server for the whole run, with whatever tests left in it."""
    with passing_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server.url()


@pytest.fixture
def redis_url(redis_server_url: str) -> str:
    """A Redis server with nothing in it."""
    from redis import Redis

    with Redis.from_url(redis_server_url) as client:
        client.flushall()
    return redis_server_url
