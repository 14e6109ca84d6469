"""How many phones a second one machine goes through from a due lead to the dial request, the carrier's pace aside."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from infra.cli.bench_db.cpu import cpu_seconds
from infra.cli.bench_db.servers import Servers, servers
from infra.cli.bench_db.waiting import ask_for_rounds, make_ready, queue_up
from infra.cli.rows import Row
from infra.local.child import free_port
from infra.local.environment import Environment
from infra.local.machine import machine_now
from infra.local.processes import Program, answers_http, python_module
from shared.kernel.clock import CivilTime
from shared.kernel.errors import Unavailable
from shared.kernel.ids import CampaignId
from shared.settings import child_environment

A_TUESDAY_NOON = datetime(2026, 3, 10, 17, tzinfo=UTC)
LEADS = 900
MOST_SECONDS = 120.0
WARM_UP = 6.0
FEWEST = 30.0
ROUND_EVERY = 1.0
DIALLED = "select count(*) from call_attempts where provider_sid is not null"


def dialing_rows(tell: Callable[[str], None], *, leads: int = LEADS) -> Sequence[Row]:
    """The real control process over PostgreSQL and Redis, with the calls per second of the account raised.

    Raises:
        Unavailable: A part could not be started.
    """
    with servers(tell=tell) as running:
        civil = CivilTime(machine=machine_now(), civil=A_TUESDAY_NOON)
        campaign = make_ready(running.database_url, leads, now=A_TUESDAY_NOON)
        environment = _environment(running, civil)
        with _carrier(environment, slots=leads + 10) as carrier, _control(running, environment) as control:
            time.sleep(WARM_UP)
            tell(f"dialling {leads} leads")
            queue_up(running.database_url, campaign, leads, now=A_TUESDAY_NOON)
            before = _used(running, control)
            began = time.monotonic()
            _wait_for(running.database_url, campaign.id, leads, civil)
            used = {name: total - before[name] for name, total in _used(running, control).items()}
            told = _told(carrier)
    return _rows(told["dialled"], leads, began, used, told["cpu"])


def _wait_for(database_url: str, campaign_id: CampaignId, leads: int, civil: CivilTime) -> None:
    """Ask for rounds, as the ends of calls do, until every lead was dialled, or for long enough."""
    give_up = time.monotonic() + MOST_SECONDS
    with psycopg.connect(database_url, autocommit=True) as db:
        while time.monotonic() < give_up and db.execute(DIALLED).fetchall()[0][0] < leads:
            ask_for_rounds(database_url, campaign_id, now=civil.at(machine_now()) - timedelta(seconds=1))
            time.sleep(ROUND_EVERY)


def _environment(running: Servers, civil: CivilTime) -> Environment:
    return Environment(
        home=running.home,
        port=free_port(),
        database_url=running.database_url,
        node_database_url=running.database_url,
        redis_url=running.redis_url,
        personas=running.home / "nobody",
        slots=1,
        civil_time=civil,
    )


@contextmanager
def _control(running: Servers, environment: Environment) -> Iterator[Program]:
    control = Program(
        "control",
        python_module("infra.local"),
        logs=running.home / "logs",
        probe=answers_http(environment.port, "/v1/health"),
        env=child_environment(environment.control() | {"TWILIO_CALLS_PER_SECOND": "1000"}),
    )
    running.supervisor.start(control)
    try:
        yield control
    finally:
        control.stop()


@contextmanager
def _carrier(environment: Environment, *, slots: int) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "infra.cli.bench_db.patient_carrier"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as carrier:
        assert carrier.stdin is not None
        assert carrier.stdout is not None
        order = {"port": environment.carrier_port, "redis_url": environment.redis_url, "slots": slots}
        carrier.stdin.write(json.dumps(order) + "\n")
        carrier.stdin.flush()
        if carrier.stdout.readline() != "ready\n":
            raise Unavailable(f"the benchmark's carrier ended with {carrier.wait()}")
        try:
            yield carrier
        finally:
            if not carrier.stdin.closed:
                carrier.stdin.close()


def _told(carrier: "subprocess.Popen[str]") -> dict[str, Any]:
    assert carrier.stdin is not None
    assert carrier.stdout is not None
    carrier.stdin.close()
    told: dict[str, Any] = json.loads(carrier.stdout.readline())
    return told


def _used(running: Servers, control: Program) -> dict[str, float]:
    return {"control": cpu_seconds(control.pid or 0), "PostgreSQL": cpu_seconds(running.postgres.pid or 0)}


def _rows(
    dialled: Sequence[float], leads: int, began: float, used: dict[str, float], carrier_cpu: float
) -> Sequence[Row]:
    """The rate is over the whole stretch from the first order to the last dial; every lead was dialled once."""
    seconds = max(dialled, default=began + MOST_SECONDS) - began
    rate = round(len(dialled) / seconds, 1)
    shares = {**used, "carrier": carrier_cpu}
    return (
        Row(
            name="dispatch to dial request",
            value=rate,
            unit="1/s",
            bar=FEWEST,
            holds=rate >= FEWEST and len(dialled) == leads,
        ),
        Row(name="first dial request after the order", value=round(min(dialled, default=0.0) - began, 2), unit="s"),
        *(
            Row(name=f"processor for a dial, {name}", value=round(each / max(1, len(dialled)) * 1000, 1), unit="ms")
            for name, each in shares.items()
        ),
    )
