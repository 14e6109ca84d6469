"""Composition root of the carrier's callbacks: a queue on AWS, which outlives the database; an inbox row elsewhere."""

from datetime import UTC, datetime
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from functions.carrier_doors import StatusDoor
from shared.adapters.aws.inbox import SqsCallInbox
from shared.kernel.clock import CivilClock
from shared.light_settings import Variables

if TYPE_CHECKING:
    from shared.calls.inbox import CallInbox
    from shared.calls.live import CallControl

_building = Lock()


def receiving() -> StatusDoor:
    """Built once per process, on first use, never at import.

    Raises:
        BadSettings: The environment lacks something; one line says what.
    """
    with _building:
        return _built()


@cache
def _built() -> StatusDoor:
    variables = Variables.read()
    queue_url = variables.get("STATUS_QUEUE_URL")
    return StatusDoor(
        carrier_tokens=variables.carrier_tokens,
        public_base_url=variables.need("PUBLIC_BASE_URL"),
        clock=CivilClock(lambda: datetime.now(UTC), variables.civil_time),
        inbox=SqsCallInbox(queue_url) if queue_url else _database_inbox(variables),
        control=None if queue_url else _control,
    )


def _database_inbox(variables: Variables) -> "CallInbox":
    from shared.storage.light.connections import Connections
    from shared.storage.light.inbox import SqlCallInbox

    prepares = variables.says("DATABASE_PREPARES")
    return SqlCallInbox(Connections(variables.need("DATABASE_URL"), size=2, prepares=prepares), writers=2)


@cache
def _control() -> "CallControl":
    from shared.adapters.redis.connect import make_redis
    from shared.adapters.redis.control import ControlSender

    return ControlSender(make_redis(Variables.read().need("REDIS_URL")))
