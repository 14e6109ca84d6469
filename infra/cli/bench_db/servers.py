"""Servers of a benchmark's own: PostgreSQL that keeps its promises, and Redis, gone with their data at the end."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.local.databases import ensure_database
from infra.local.home import ELSEWHERE
from infra.local.interrupts import Interrupts
from infra.local.postgres import EmbeddedPostgres, embedded_postgres
from infra.local.processes import Supervisor
from infra.local.redis import EmbeddedRedis
from shared.storage.migrate import upgrade

A_QUARTER_MB = min(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 4 // 2**20, 8192)
ROOMY: Mapping[str, str] = {
    "shared_buffers": f"{A_QUARTER_MB}MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
}
"""What PostgreSQL's manual gives a server of millions of rows; it keeps every promise of durability."""


@dataclass(frozen=True, kw_only=True)
class Servers:
    """Running servers with an empty, migrated database."""

    home: Path
    postgres: EmbeddedPostgres
    database_url: str
    redis_url: str
    supervisor: Supervisor


@contextmanager
def servers(*, tell: Callable[[str], None]) -> Iterator[Servers]:
    """Start them in a folder of their own; everything is removed at the end."""
    home = Path(tempfile.mkdtemp(prefix="reauto-bench-", dir=ELSEWHERE))
    home.chmod(0o711)
    tell("starting PostgreSQL and Redis")
    postgres, redis = embedded_postgres(home, settings=ROOMY), EmbeddedRedis(home)
    try:
        with Interrupts() as interrupts, Supervisor(interrupts) as supervisor:
            supervisor.start(redis, postgres)
            database_url = ensure_database(postgres.url(), "bench", fresh=True)
            upgrade(database_url)
            yield Servers(
                home=home,
                postgres=postgres,
                database_url=database_url,
                redis_url=redis.url(),
                supervisor=supervisor,
            )
    finally:
        shutil.rmtree(postgres.root, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)
