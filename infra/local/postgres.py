"""A real PostgreSQL server of the project's own: TCP on the loopback interface, a password, its data in one folder."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict
from urllib.parse import quote

import psycopg

from infra.local import child
from infra.local.child import Account
from infra.local.home import postgres_root
from infra.local.pg_binaries import PgBinaries, find_binaries, is_reachable_by_others, made_reachable
from infra.local.pg_leftovers import clear_leftovers
from shared.kernel.errors import Unavailable

OWNER = "reauto"
RELAUNCH_SECONDS = 10.0  # how long a taken port or children of a killed server are an obstacle that passes
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path may be 107 bytes long and no more
    "max_connections": "150",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
FORGETFUL: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class _Identity(TypedDict):
    """How the server's programs are started."""

    account: Account | None
    cwd: Path
    env: Mapping[str, str]


def embedded_postgres(
    home: Path, *, bin_folder: Path | None = None, port: int = 0, settings: Mapping[str, str] | None = None
) -> "EmbeddedPostgres":
    """The server of one project folder, as root or not.

    Args:
        home: The project's ``.reauto``.
        bin_folder: The setting ``REAUTO_PG_BIN``.
        port: Where to listen; 0 takes a free one.
        settings: Of the server, before ours.

    Raises:
        Unavailable: No server program, or a folder that cannot be used.
    """
    account = child.unprivileged_account()
    try:
        binaries = find_binaries(bin_folder)
        root = postgres_root(home, account)
        if account:
            binaries = made_reachable(binaries, copies=root.parent)
    except OSError as error:
        raise Unavailable(f"PostgreSQL cannot be set up for {home}: {error}") from error
    log = home / "logs" / "postgres.log"
    return EmbeddedPostgres(root, binaries=binaries, account=account, log=log, port=port, settings=settings or {})


class EmbeddedPostgres:
    """One server over ``root``: ``prepare``, ``launch``, ask ``is_ready`` until it is, ``stop``.

    Whoever uses it holds the project's folder (``home.claim``), so a server found on the data is a leftover.

    Args:
        root: Holds ``data`` and ``password``; reachable by ``account``.
        account: Whom to run as; ``None`` runs as ourselves.
        durable: Whether a commit survives a power cut; off only for tests.
        settings: Of the server, before ours.
    """

    name = "postgres"

    def __init__(
        self,
        root: Path,
        *,
        binaries: PgBinaries,
        account: Account | None,
        log: Path,
        port: int = 0,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.root = root
        self.port = port or child.free_port()
        self.log = log
        self._any_port = not port
        self._binaries = binaries
        self._account = account
        self._settings = {**SETTINGS, **({} if durable else FORGETFUL), **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self._first_launch: float | None = None

    @property
    def data(self) -> Path:
        """The folder that PostgreSQL calls its data directory."""
        return self.root / "data"

    @property
    def pid(self) -> int | None:
        """The running server's process id."""
        return self._process.pid if self._process else None

    def url(self, database: str = "postgres") -> str:
        """The address of one database, as its owner."""
        password = quote((self.root / "password").read_text().strip())
        return f"postgresql://{OWNER}:{password}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        """Make the data folder when there is none, and clear away what a killed run left.

        Raises:
            Unavailable: The folder cannot be used, or another major version wrote it.
        """
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self._account and not is_reachable_by_others(self.root.parent):
            raise Unavailable(f"{self.root} cannot be reached by the user that PostgreSQL runs as: move it away")
        try:
            self._own(self.root)
            for beginning in self.root.glob("new-*"):  # of a start that was killed
                shutil.rmtree(beginning)
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._check_version()
            clear_leftovers(self.data)
        except OSError as error:
            raise Unavailable(f"PostgreSQL's data in {self.root} cannot be used: {error}") from error

    def launch(self) -> None:
        """Start the server and return at once."""
        self._first_launch = self._first_launch or time.monotonic()
        options = [part for key, value in self._settings.items() for part in ("-c", f"{key}={value}")]
        self._process = child.spawn(
            [self._binaries.folder / "postgres", "-D", self.data, "-p", str(self.port), *options],
            log=self.log,
            death_signal=signal.SIGINT,
            **self._as_account(),
        )

    def is_ready(self) -> bool:
        """Whether the server takes connections; a port that was taken meanwhile is exchanged for another.

        Raises:
            Unavailable: The server has ended.
        """
        process = self._process
        if process is None:
            return False
        if process.poll() is not None:
            self._launch_again()
            return False
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def is_running(self) -> bool:
        """Whether its process lives; asks it nothing."""
        return self._process is not None and self._process.poll() is None

    def stop(self, *, grace_seconds: float = 15) -> None:
        """Roll back what is open, write everything, and end; harmless when nothing runs."""
        process, self._process = self._process, None
        if process is not None:
            child.stop(process, grace_seconds=grace_seconds, first=signal.SIGINT)

    def _launch_again(self) -> None:
        """Start once more when what ended the server passes by itself."""
        reason = child.tail(self.log, lines=8)
        patient = time.monotonic() < (self._first_launch or 0) + RELAUNCH_SECONDS
        if "Address already in use" in reason and not self._any_port:
            raise Unavailable(f"PostgreSQL did not start: port {self.port} is taken")
        if patient and ("Address already in use" in reason or "shared memory block" in reason):
            self.port = child.free_port() if self._any_port else self.port
            self.launch()
            return
        raise Unavailable(f"PostgreSQL did not start; the end of {self.log}:\n{reason}")

    def _initialise(self) -> None:
        """Make a cluster beside ``data`` and move it there when it is whole."""
        with tempfile.TemporaryDirectory(prefix="new-", dir=self.root) as staging:
            work = Path(staging)
            password = work / "password"
            password.write_text(secrets.token_urlsafe(18))
            for path in (work, password):
                self._own(path)
            self._run_initdb(work / "data", password)
            shutil.rmtree(self.data, ignore_errors=True)  # the beginnings of an interrupted start
            password.replace(self.root / "password")
            (work / "data").rename(self.data)

    def _run_initdb(self, data: Path, password: Path) -> None:
        command: list[str | Path] = [self._binaries.folder / "initdb", "-D", data, "-U", OWNER]
        command += ["--auth=scram-sha-256", f"--pwfile={password}", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        process = child.spawn(command, log=self.log, death_signal=signal.SIGKILL, **self._as_account())
        try:
            failed = process.wait() != 0
        finally:
            child.kill_group(process)
        if failed:
            raise Unavailable(f"PostgreSQL's data could not be made; the end of {self.log}:\n{child.tail(self.log)}")

    def _check_version(self) -> None:
        written_by = (self.data / "PG_VERSION").read_text().strip()
        if written_by != str(self._binaries.major):
            raise Unavailable(
                f"the data in {self.data} was written by PostgreSQL {written_by}, but the server found is "
                f"{self._binaries.major}: set REAUTO_PG_BIN to a PostgreSQL {written_by}, or move the folder away"
            )

    def _own(self, path: Path) -> None:
        """Make ``path`` the server's own and nobody else's."""
        if self._account:
            os.chown(path, self._account.uid, self._account.gid)
        path.chmod(0o700 if path.is_dir() else 0o600)

    def _as_account(self) -> _Identity:
        return {"account": self._account, "cwd": self.root, "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}}
