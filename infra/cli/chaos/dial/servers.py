"""Databases for one run, at the newest migration."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

from infra.local.databases import ensure_database
from shared.storage.engine import make_engine
from shared.storage.migrate import upgrade
from shared.storage.tables import metadata

_numbers = itertools.count(1)


def a_database(server_url: str) -> str:
    """A fresh database with every table; its address."""
    url = ensure_database(server_url, f"chaos_{os.getpid()}_{next(_numbers)}", fresh=True)
    upgrade(url)
    return url


@contextmanager
def an_engine(url: str, *, pool_size: int = 5) -> Iterator[Engine]:
    """Connections to a database, closed afterwards."""
    engine = make_engine(url, pool_size=pool_size, prepares=True)
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
