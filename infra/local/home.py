"""The folder ``.reauto/``: one user of it at a time, and where PostgreSQL's data really lies."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.child import Account
from infra.local.pg_binaries import is_reachable_by_others
from shared.kernel.errors import Refused, Unavailable

ELSEWHERE = Path("/var/tmp")  # noqa: S108 - survives a reboot; what lies in it is owned by root and checked


class AlreadyRunning(Refused):
    """Another process holds this project's folder."""


@contextmanager
def claim(home: Path) -> Iterator[Path]:
    """Make ``home`` and hold it for this process alone; the kernel lets go when the process ends.

    Raises:
        AlreadyRunning: Another process holds it.
        Unavailable: The folder cannot be written.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / "lock").open("a+")
    except OSError as error:
        raise Unavailable(f"{home} cannot be written: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise AlreadyRunning(
                f"reauto is already running on {home} (process {holder}): stop it first, or use another folder"
            ) from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield home


def postgres_root(home: Path, account: Account | None, *, elsewhere: Path = ELSEWHERE) -> Path:
    """The folder that holds PostgreSQL's data and password: ``home/postgres`` or where that link points.

    Root hands the server to an unprivileged account; where that account cannot pass through to
    ``home``, the data lies in a folder of the project below ``elsewhere``.

    Raises:
        Unavailable: The folder elsewhere belongs to somebody else.
    """
    inside = home.resolve() / "postgres"
    if inside.is_symlink() and not inside.exists():  # what it pointed to was cleaned away
        inside.unlink()
    if account is None or is_reachable_by_others(home.resolve()):
        inside.mkdir(exist_ok=True)
        return inside.resolve()
    outside = outside_folder(home, elsewhere=elsewhere) / "postgres"
    outside.mkdir(exist_ok=True)
    if not inside.exists():
        inside.symlink_to(outside)
    return inside.resolve()


def outside_folder(home: Path, *, elsewhere: Path = ELSEWHERE) -> Path:
    """This project's folder outside ``home``: everyone may pass through it, only we write to it.

    Raises:
        Unavailable: Somebody else made a folder of that name.
    """
    mark = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]
    folder = elsewhere / f"reauto-{mark}"
    folder.mkdir(mode=0o711, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise Unavailable(f"{folder} belongs to somebody else: remove it, or set DATABASE_URL")
    return folder
