"""How many callbacks a second one machine keeps, and how soon after the last one all are folded."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from infra.cli.bench_db.cpu import cpu_seconds, own_cpu_seconds
from infra.cli.bench_db.ringing import ring
from infra.cli.bench_db.servers import Servers, servers
from infra.cli.rows import Row
from infra.local.child import free_port
from infra.local.environment import Environment
from infra.local.processes import Program, answers_http, python_module
from shared.kernel.errors import Unavailable
from shared.settings import child_environment

FEWEST_CALLS = 6_000
RATE = 500
SECONDS = 60.0
EVENTS_EACH = 5
MOST_MS = 150.0
FOLDED_WITHIN = 10.0
GIVE_UP_SECONDS = 60.0

BACKLOG = """
select (select count(*) from outbox where topic = 'status' and dead_at is null),
  (select count(*) from call_attempts where id between %s and %s and state = 'ended'),
  (select count(*) from call_events where attempt_id between %s and %s)
"""


@dataclass(frozen=True, kw_only=True)
class Load:
    """What the carrier's side saw, and what it all cost; processor time in seconds."""

    sent: int
    latencies: Sequence[float]
    seconds: float
    folded_after: float
    kept: int
    ended: int
    cpu: dict[str, float]

    def quantile(self, share: float) -> float:
        """The latency, in milliseconds, that ``share`` of the accepted stayed at or below."""
        ordered = sorted(self.latencies) or [float("inf")]
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def callback_rows(tell: Callable[[str], None], *, rate: int = RATE, seconds: float = SECONDS) -> Sequence[Row]:
    """Signed callbacks against the real control process over PostgreSQL and Redis, at ``rate`` for ``seconds``.

    Raises:
        Unavailable: A part could not be started, or the load could not be made.
    """
    with servers(tell=tell) as running:
        attempts = int(rate * seconds) // EVENTS_EACH
        first, last = ring(running.database_url, max(FEWEST_CALLS, attempts))
        with _control(running) as (environment, control):
            tell(f"posting {rate} callbacks a second for {seconds:.0f} s")
            order = {
                "port": environment.port,
                "public": environment.common()["PUBLIC_BASE_URL"],
                "token": environment.carrier_token,
                "attempts": attempts,
                "rate": rate,
            }
            load = _measured(running, control, order, first=first, last=last)
    return _rows(load, rate)


@contextmanager
def _control(running: Servers) -> Iterator[tuple[Environment, Program]]:
    """The control process, as ``reauto serve`` starts it."""
    environment = Environment(
        home=running.home,
        port=free_port(),
        database_url=running.database_url,
        node_database_url=running.database_url,
        redis_url=running.redis_url,
        personas=running.home / "nobody",
        slots=1,
        civil_time=None,
    )
    control = Program(
        "control",
        python_module("infra.local"),
        logs=running.home / "logs",
        probe=answers_http(environment.port, "/v1/health"),
        env=child_environment(environment.control()),
    )
    running.supervisor.start(control)
    try:
        yield environment, control
    finally:
        control.stop()


def _measured(running: Servers, control: Program, order: dict[str, Any], *, first: str, last: str) -> Load:
    before = _used(running, control)
    told = _posted(order)
    used = _used(running, control)
    folded_after, ended, kept = _folded(running.database_url, first, last)
    return Load(
        sent=told["sent"],
        latencies=told["latencies"],
        seconds=told["seconds"],
        folded_after=folded_after,
        kept=kept,
        ended=ended,
        cpu={name: used[name] - before[name] for name in used} | {"load generator": told["cpu"]},
    )


def _used(running: Servers, control: Program) -> dict[str, float]:
    """Processor time so far, in seconds."""
    doors = own_cpu_seconds(control.pid or 0)
    return {
        "doors": doors,
        "queues": cpu_seconds(control.pid or 0) - doors,
        "PostgreSQL": cpu_seconds(running.postgres.pid or 0),
    }


def _posted(order: dict[str, Any]) -> dict[str, Any]:
    """What the load generator tells once it has posted everything."""
    command = [sys.executable, "-m", "infra.cli.bench_db.carrier_load"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as load:
        assert load.stdin is not None
        assert load.stdout is not None
        load.stdin.write(json.dumps(order) + "\n")
        load.stdin.flush()
        load.stdout.readline()
        load.stdin.write("go\n")
        load.stdin.flush()
        line = load.stdout.readline()
    if not line:
        raise Unavailable(f"the load generator ended with {load.returncode}")
    told: dict[str, Any] = json.loads(line)
    return told


def _folded(url: str, first: str, last: str) -> tuple[float, int, int]:
    """Seconds until nothing waited to be folded, how many calls had ended by then, how many callbacks are kept."""
    began = time.monotonic()
    with psycopg.connect(url, autocommit=True) as db:
        while True:
            row = db.execute(BACKLOG, [first, last, first, last]).fetchone()
            waiting, ended, kept = row or (0, 0, 0)
            passed = time.monotonic() - began
            if waiting == 0 or passed > GIVE_UP_SECONDS:
                return passed, ended, kept
            time.sleep(0.1)


def _rows(load: Load, rate: int) -> list[Row]:
    accepted = len(load.latencies)
    total = sum(load.cpu.values()) or 1.0
    p99 = load.quantile(0.99)
    calls = load.sent // EVENTS_EACH
    whole = accepted == load.sent and load.kept == load.sent and load.ended == calls
    return [
        Row(name="callbacks accepted", value=round(accepted / load.seconds, 1), unit="1/s", bar=rate,
            holds=accepted == load.sent and accepted / load.seconds >= 0.99 * rate),
        Row(name="callback accepted, p50", value=load.quantile(0.5), unit="ms"),
        Row(name="callback accepted, p99", value=p99, unit="ms", bar=MOST_MS, holds=p99 <= MOST_MS),
        Row(name="callbacks folded after the last", value=round(load.folded_after, 2), unit="s", bar=FOLDED_WITHIN,
            holds=load.folded_after <= FOLDED_WITHIN and whole),
        *(
            Row(name=f"callbacks, processor time of {name}", value=round(seconds / load.seconds * 100, 1), unit="%",
                ratio=round(seconds / total, 3))
            for name, seconds in load.cpu.items()
        ),
    ]  # fmt: skip
