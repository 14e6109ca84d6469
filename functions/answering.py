"""Composition root of the answer and the recovery: PostgreSQL through psycopg; Redis only once a call is recovered."""

import time
from datetime import UTC, datetime
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from functions.carrier_doors import AnswerDoors
from shared.calls.answer import Gate
from shared.calls.recover import Recovery
from shared.kernel.clock import CivilClock
from shared.light_settings import SHORTEST_SECRET, Variables
from shared.storage.light.clock import NOW, DatabaseTime
from shared.storage.light.connections import Connections
from shared.storage.light.gate import SqlAnswerGate

if TYPE_CHECKING:
    from shared.calls.ports import Capacity

LOOK_SECONDS = 0.3

_building = Lock()


def answering() -> AnswerDoors:
    """Built once per process, on first use, never at import.

    Raises:
        BadSettings: The environment lacks something; one line says what.
    """
    with _building:
        return _built()


@cache
def _built() -> AnswerDoors:
    variables = _variables()
    connections = Connections(
        variables.need("DATABASE_URL"),
        size=variables.whole("DATABASE_POOL_SIZE", default=1),
        prepares=variables.says("DATABASE_PREPARES"),
    )
    gate = Gate(
        book=SqlAnswerGate(connections),
        token_secret=variables.need("CALL_TOKEN_SECRET", at_least=SHORTEST_SECRET),
        horizons=variables.horizons,
    )
    database = DatabaseTime(lambda: connections.rows(NOW, {})[0]["now"], _machine_now)
    return AnswerDoors(
        carrier_tokens=variables.carrier_tokens,
        public_base_url=variables.need("PUBLIC_BASE_URL"),
        clock=CivilClock(database.now if variables.is_on_lambda else _machine_now, variables.civil_time),
        gate=gate,
        recovery=Recovery(gate=gate, capacity=_capacity, wait=_wait),
    )


def _variables() -> Variables:
    """What the environment says, over the settings that the Parameter Store holds.

    Raises:
        Unavailable: The Parameter Store cannot be read.
    """
    told = Variables.read()
    path = told.get("REAUTO_PARAMETERS")
    if not path:
        return told
    from shared.adapters.aws.light_parameters import parameters

    return told.over(parameters(path))


@cache
def _capacity() -> "Capacity":
    from shared.adapters.redis.capacity import RedisCapacity
    from shared.adapters.redis.connect import make_redis

    return RedisCapacity(make_redis(Variables.read().need("REDIS_URL")))


def _machine_now() -> datetime:
    return datetime.now(UTC)


def _wait() -> None:
    time.sleep(LOOK_SECONDS)
