"""Starts the parts of the system together, waits until they are ready, and stops them in reverse, come what may."""

import atexit
import http.client
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol

from infra.local import child
from infra.local.interrupts import Interrupts
from shared.kernel.errors import Unavailable

POLL_SECONDS = 0.03
START_SECONDS = 60.0


class Part(Protocol):
    """Something that runs beside us while we run: a server, a process of ours."""

    @property
    def name(self) -> str:
        """What a person calls it."""
        ...

    def prepare(self) -> None:
        """Do what must be done before it can start; may take a second, may be interrupted."""
        ...

    def launch(self) -> None:
        """Start it and return at once."""
        ...

    def is_ready(self) -> bool:
        """Whether it answers.

        Raises:
            Unavailable: It has ended.
        """
        ...

    def is_running(self) -> bool:
        """Whether its process lives; asks it nothing."""
        ...

    def stop(self) -> None:
        """End it and whatever it started; harmless when it does not run."""
        ...


class Program:
    """A process of our own, its output in ``<logs>/<name>.log``.

    Args:
        probe: Whether the running process answers.
        env: Its whole environment; ``None`` hands ours on.
        grace_seconds: How long it may take to leave after SIGTERM.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        logs: Path,
        probe: Callable[[], bool],
        env: Mapping[str, str] | None = None,
        grace_seconds: float = 10.0,
    ) -> None:
        self.name = name
        self.log = logs / f"{name}.log"
        self._command = command
        self._probe = probe
        self._env = env
        self._grace_seconds = grace_seconds
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The running process's id."""
        return self._process.pid if self._process else None

    def prepare(self) -> None:
        """Make the folder of the log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)

    def launch(self) -> None:
        """Start the process and return at once."""
        self._process = child.spawn(self._command, log=self.log, env=self._env)

    def is_ready(self) -> bool:
        """Whether the process answers its probe.

        Raises:
            Unavailable: The process has ended.
        """
        if self._process is None:
            return False
        if self._process.poll() is not None:
            raise Unavailable(
                f"{self.name} ended with status {self._process.returncode}; the end of {self.log}:\n"
                f"{child.tail(self.log)}"
            )
        return self._probe()

    def is_running(self) -> bool:
        """Whether its process lives; asks it nothing."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """End the process and whatever it started; harmless when it does not run."""
        process, self._process = self._process, None
        if process is not None:
            child.stop(process, grace_seconds=self._grace_seconds)


def python_module(module: str, *arguments: str) -> list[str]:
    """The command that runs ``module`` with this interpreter."""
    return [sys.executable, "-m", module, *arguments]


def answers_http(port: int, path: str) -> Callable[[], bool]:
    """A probe: ``GET path`` on the loopback interface answers 200."""

    def probe() -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return probe


class Supervisor:
    """Holds the running parts; leaving the ``with`` block, or the process, stops them all."""

    def __init__(self, interrupts: Interrupts) -> None:
        self._interrupts = interrupts
        self._parts: list[Part] = []

    def __enter__(self) -> "Supervisor":
        """Stop the parts at the end of the process too."""
        atexit.register(self.stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop every part."""
        self.stop()
        atexit.unregister(self.stop)

    def start(
        self,
        *parts: Part,
        timeout_seconds: float = START_SECONDS,
        waiting: Callable[[Sequence[str]], None] = lambda names: None,
    ) -> None:
        """Start all of ``parts``, then wait until each is ready; put those with a long ``prepare`` last.

        ``waiting`` is told the names of those that are not ready yet, again and again.

        Raises:
            Unavailable: A part ended or is not ready in time.
        """
        for part in parts:
            part.prepare()
            with self._interrupts.shield():
                self._parts.append(part)
                part.launch()
        deadline = time.monotonic() + timeout_seconds
        late: list[Part] = list(parts)
        while late:
            waiting([part.name for part in late])
            late = [part for part in late if not self._is_ready(part)]
            if late and time.monotonic() > deadline:
                raise Unavailable(f"{late[0].name} is not ready after {timeout_seconds:.0f} s")
            if late:
                time.sleep(POLL_SECONDS)

    def check(self) -> None:
        """Nothing, as long as every started part runs; asks none of them anything.

        Raises:
            Unavailable: A part has ended.
        """
        for part in self._parts:
            if not part.is_running():
                self._is_ready(part)

    def stop(self) -> None:
        """Stop every part, the last started first; a signal meanwhile changes nothing."""
        with self._interrupts.shield(forget=True):
            while self._parts:
                self._parts[-1].stop()
                self._parts.pop()

    def _is_ready(self, part: Part) -> bool:
        """Ask one part; shielded, because a server may have to be started once more."""
        with self._interrupts.shield():
            return part.is_ready()
