"""What a row of deaths is tried on: a database, a Redis, a town, and a nursery of control planes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from random import Random

import psycopg

from infra.cli.chaos.dial.crowd import NOON
from infra.cli.chaos.dial.parts import sql_parts
from infra.cli.chaos.dial.processes.lives import Ground
from infra.cli.chaos.dial.processes.town import ACCOUNT, TOKEN, Town
from infra.cli.chaos.dial.servers import a_database, an_engine
from infra.local.child import free_port
from infra.local.machine import machine_now
from infra.local.passing import passing_redis, reachable_folder
from shared.kernel.clock import CivilClock, CivilTime
from shared.settings import child_environment
from shared.storage.light.connections import Connections

HORIZONS = {
    "dial_within": 8,
    "dial_again": 0.3,
    "dial_again_by": 0.6,
    "first_look": 1.5,
    "look_again": 1,
    "watch_live": 3,
    "horizon": 5,
    "late_look": 8,
    "stray_after": 6,
    "report_within": 6,
    "examine_within": 2,
    "breaker_open": 1,
}
"""Seconds: a fifteenth of the standard, or less."""


@contextmanager
def a_ground(server_url: str, seed: int) -> Iterator[Ground]:
    """A new one; ``seed`` decides when its lives end."""
    with ExitStack() as kept:
        folder = kept.enter_context(reachable_folder())
        redis = kept.enter_context(passing_redis(folder))
        url, port = a_database(server_url), free_port()
        engine = kept.enter_context(an_engine(url, pool_size=8))
        db = kept.enter_context(psycopg.connect(url, autocommit=True))
        civil = CivilTime(machine=machine_now(), civil=NOON)
        clock = CivilClock(machine_now, civil)
        town = kept.enter_context(Town(redis_url=redis.url(), engine=engine, clock=clock).open())
        nursery = kept.enter_context(_nursery(_told(url, redis.url(), port, civil, town)))
        connections = Connections(url, size=2)
        kept.callback(connections.close)
        yield Ground(
            engine=engine,
            db=db,
            parts=sql_parts(engine, connections, db),
            town=town,
            nursery=nursery,
            clock=clock,
            port=port,
            chance=Random(seed),
        )


def _told(url: str, redis_url: str, port: int, civil: CivilTime, town: Town) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "DATABASE_POOL_SIZE": "8",
        "REDIS_URL": redis_url,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_BASE_URL": town.carrier.base_url,
        "TWILIO_CALLS_PER_SECOND": "20",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "CALL_TOKEN_SECRET": "a-secret-of-some-length-for-chaos",
        "REAUTO_API_KEY": "a-key-of-some-length-for-chaos",
        "REAUTO_CLOCK": str(civil),
        "DIAL_HORIZONS": json.dumps(HORIZONS),
        "POWERTOOLS_METRICS_DISABLED": "true",
    }


@contextmanager
def _nursery(told: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "infra.cli.chaos.dial.processes.plane"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=child_environment(told),
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
