"""Servers for one run, gone afterwards: a PostgreSQL with databases at the newest migration, and a Redis."""

import itertools
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from infra.local import child
from infra.local.databases import ensure_database
from infra.local.home import ELSEWHERE
from infra.local.pg_binaries import find_binaries, made_reachable
from infra.local.postgres import EmbeddedPostgres
from infra.local.redis import EmbeddedRedis
from shared.kernel.errors import Unavailable
from shared.storage.engine import make_engine
from shared.storage.migrate import upgrade
from shared.storage.tables import metadata

START_SECONDS = 60.0
_numbers = itertools.count(1)


@contextmanager
def a_folder() -> Iterator[Path]:
    """A folder that the unprivileged user of the database can pass through."""
    folder = Path(tempfile.mkdtemp(prefix="reauto-chaos-", dir=ELSEWHERE))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def a_postgres(folder: Path) -> Iterator[EmbeddedPostgres]:
    """A server that is fast because it would not survive a power cut."""
    account, binaries = child.unprivileged_account(), find_binaries()
    server = EmbeddedPostgres(
        folder / "postgres",
        binaries=made_reachable(binaries, copies=folder) if account else binaries,
        account=account,
        log=folder / "postgres.log",
        durable=False,
    )
    server.root.mkdir()
    server.prepare()
    server.launch()
    try:
        _await(server)
        yield server
    finally:
        server.stop()


@contextmanager
def a_redis(folder: Path) -> Iterator[EmbeddedRedis]:
    """A Redis with nothing in it."""
    server = EmbeddedRedis(folder)
    server.prepare()
    server.launch()
    try:
        _await(server)
        yield server
    finally:
        server.stop()


def a_database(server_url: str) -> str:
    """A fresh database with every table; its address."""
    url = ensure_database(server_url, f"chaos_{next(_numbers)}", fresh=True)
    upgrade(url)
    return url


@contextmanager
def an_engine(url: str, *, pool_size: int = 5) -> Iterator[Engine]:
    """Connections to a database, closed afterwards."""
    engine = make_engine(url, pool_size=pool_size)
    try:
        yield engine
    finally:
        engine.dispose()


def emptied(engine: Engine) -> Engine:
    """The database with empty tables: quicker than a new one."""
    with engine.begin() as db:
        db.execute(text("set local session_replication_role = replica"))  # the ledger refuses to be emptied
        for table in reversed(metadata.sorted_tables):
            db.execute(table.delete())
    return engine


def _await(server: EmbeddedPostgres | EmbeddedRedis) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not server.is_ready():
        if time.monotonic() > deadline:
            raise Unavailable(f"{server.name} is not ready after {START_SECONDS:.0f} s")
        time.sleep(0.05)
