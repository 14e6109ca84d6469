"""Clients side by side: as many processes as asked for, each doing one thing after the other without a pause."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from types import TracebackType

from shared.kernel.errors import Unavailable

HEAD_START = 0.3


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the clients saw together; latencies are milliseconds."""

    latencies: tuple[float, ...]
    seconds: float

    def quantile(self, share: float) -> float:
        """The latency that ``share`` of all operations stayed at or below; infinite when there were none."""
        ordered = sorted(self.latencies) or [inf]
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def per_second(self) -> float:
        """Operations per second, of all clients together."""
        return len(self.latencies) / self.seconds


class Clients:
    """``count`` processes that are started once and do whatever they are told."""

    def __init__(self, count: int, *, database_url: str, leads: int) -> None:
        self.count = count
        self._database_url = database_url
        self._leads = leads
        command = [sys.executable, "-m", "infra.cli.bench_db.client"]
        self._processes = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(count)
        ]

    def __enter__(self) -> "Clients":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the clients go."""
        for process in self._processes:
            if process.stdin:
                process.stdin.close()
        for process in self._processes:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout:
                process.stdout.close()

    def run(self, operation: str, *, seconds: float, seed: int = 1) -> Measured:
        """Everybody does ``operation`` for so long, all beginning at the same moment, connected and warm."""
        for number, process in enumerate(self._processes):
            order = {"operation": operation, "database_url": self._database_url, "leads": self._leads}
            _tell(process, order | {"seed": seed * 1000 + number})
        for process in self._processes:
            _hear(process)
        when = {"begin": time.monotonic() + HEAD_START, "seconds": seconds}
        for process in self._processes:
            _tell(process, when)
        told: list[list[float]] = [json.loads(_hear(process)) for process in self._processes]
        return Measured(latencies=tuple(each for latencies in told for each in latencies), seconds=seconds)


def _tell(process: "subprocess.Popen[str]", what: Mapping[str, object]) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps(what) + "\n")
    process.stdin.flush()


def _hear(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise Unavailable(f"a client of the benchmark ended with {process.wait()}")
    return line
