"""The systems under test: our node, and the plain bot in one process or in one for each processor."""

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from infra.cli.bench_voice.delays import Delays
from infra.cli.bench_voice.orders import CIVIL_MOMENT, EPOCH, SECRET, SystemOrder, write_order
from infra.local.child import free_port
from infra.local.interrupts import Interrupts
from infra.local.processes import Program, Supervisor, answers_http, python_module
from shared.calls.token import sign_token
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId
from shared.settings import child_environment

LONGEST_START_SECONDS = 60.0
THREAD_COUNTS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One way to run one system: so many processes with an address each, or one with ``workers`` behind its address.

    Calls go to each in turn. A plain bot starts with the environment of somebody who tuned nothing. With
    ``premium_url`` our node has a premium voice from there.
    """

    name: str
    module: str
    processes: int = 1
    workers: tuple[str, ...] = ("bench",)
    is_plain: bool = False
    premium_url: str = ""

    @property
    def places(self) -> int:
        """How many there are to share the calls."""
        return self.processes * len(self.workers)


CORES = os.cpu_count() or 1
OURS = Kind(
    name="our node",
    module="infra.cli.bench_voice.our_node",
    workers=tuple(f"w{number}" for number in range(1, CORES + 1)),
)
PLAIN = Kind(name="plain bot", module="infra.cli.bench_voice.plain_bot", is_plain=True)
PLAIN_PER_CORE = Kind(name="plain bot, one a core", module=PLAIN.module, processes=CORES, is_plain=True)


@dataclass(frozen=True, kw_only=True)
class Running:
    """A system that answers. Our node leaves its reports in ``notes``, one a line; ``idle_mb`` its memory now."""

    kind: Kind
    programs: Sequence[Program]
    ports: Sequence[int]
    notes: Path
    idle_mb: float = 0.0

    @property
    def pids(self) -> list[int]:
        """The roots of its processes."""
        return [program.pid for program in self.programs if program.pid is not None]

    def address(self, number: int, attempt: str) -> str:
        """Where the call with that number streams to."""
        return f"ws://127.0.0.1:{self.ports[number % len(self.ports)]}/w/{self._worker(number)}/{attempt}"

    def token(self, number: int, attempt: str) -> str:
        """What opens our node for that call."""
        expires_at = CIVIL_MOMENT + timedelta(days=1)
        return sign_token(
            SECRET, attempt_id=AttemptId(attempt), worker=self._worker(number), epoch=EPOCH, expires_at=expires_at
        )

    def health(self) -> dict[str, Any]:
        """What our node says of its workers."""
        with urlopen(f"http://127.0.0.1:{self.ports[0]}/health", timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def _worker(self, number: int) -> str:
        return self.kind.workers[number % len(self.kind.workers)]


@contextmanager
def running(
    kind: Kind, *, folder: Path, corpus: Path, delays: Delays, has_models: bool = True, is_scripted: bool = False
) -> Iterator[Running]:
    """Start a system, ready when this yields; it and whatever it started are gone afterwards.

    Raises:
        Unavailable: It does not start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    programs, ports = [], []
    for number in range(kind.processes):
        port = free_port()
        order = SystemOrder(
            port=port,
            corpus=corpus,
            notes=folder / "reports.jsonl",
            delays=delays,
            has_models=has_models,
            is_scripted=is_scripted,
            workers=kind.workers,
            premium_url=kind.premium_url,
        )
        file = write_order(order, folder / f"system-{number}.json")
        programs.append(
            Program(
                f"{kind.name} {number}".replace(" ", "-").replace(",", ""),
                python_module(kind.module, str(file)),
                logs=folder,
                probe=answers_http(port, "/ready"),
                env=_environment(kind),
                grace_seconds=3.0,
            )
        )
        ports.append(port)
    with Interrupts() as interrupts, Supervisor(interrupts) as supervisor:
        supervisor.start(*programs)
        system = Running(kind=kind, programs=programs, ports=ports, notes=folder / "reports.jsonl")
        if not kind.is_plain:
            _wait_for_workers(system)
        yield system


def _wait_for_workers(system: Running) -> None:
    """The node opens with its first worker; the benchmark begins with the last."""
    until = time.monotonic() + LONGEST_START_SECONDS
    while not all(worker["ready"] for worker in system.health()["workers"]):
        if time.monotonic() > until:
            raise Unavailable("not every worker of our node became ready")
        time.sleep(0.2)


def _environment(kind: Kind) -> dict[str, str]:
    environment = child_environment({})
    return {name: value for name, value in environment.items() if not (kind.is_plain and name in THREAD_COUNTS)}
