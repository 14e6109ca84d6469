"""Servers that are fast and gone with their data: for tests, and for breaking things."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local import child
from infra.local.home import ELSEWHERE
from infra.local.pg_binaries import find_binaries, made_reachable
from infra.local.postgres import EmbeddedPostgres
from infra.local.redis import EmbeddedRedis
from shared.kernel.errors import Unavailable

START_SECONDS = 60.0


def wait_until_ready(server: EmbeddedPostgres | EmbeddedRedis) -> None:
    """Give a launched server time to answer.

    Raises:
        Unavailable: It does not, or has ended.
    """
    deadline = time.monotonic() + START_SECONDS
    while not server.is_ready():
        if time.monotonic() >= deadline:
            raise Unavailable(f"{server.name} is not ready after {START_SECONDS:.0f} s")
        time.sleep(0.02)


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A temporary folder that the unprivileged user of the database can pass through."""
    folder = Path(tempfile.mkdtemp(prefix="reauto-passing-", dir=ELSEWHERE))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def forgetful_postgres(folder: Path) -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL that is fast because it would not survive a power cut."""
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
        wait_until_ready(server)
        yield server
    finally:
        server.stop()


@contextmanager
def passing_redis(folder: Path) -> Iterator[EmbeddedRedis]:
    """A Redis with nothing in it."""
    server = EmbeddedRedis(folder)
    server.prepare()
    server.launch()
    try:
        wait_until_ready(server)
        yield server
    finally:
        server.stop()
