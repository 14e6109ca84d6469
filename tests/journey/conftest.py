"""The road, laid over a fresh database and an empty Redis."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from functions import answering, bootstrap, entry, receiving
from shared.adapters.memory import MemoryTelephony
from shared.adapters.redis.connect import make_redis
from shared.storage.appointments import SqlAppointmentRepository
from shared.storage.briefs import SqlBriefRepository
from shared.storage.engine import make_engine
from shared.storage.light.connections import Connections
from shared.storage.outbox import SqlOutbox
from shared.storage.reports import SqlReportRepository
from shared.storage.suppressions import SqlSuppressionRepository
from tests.functions.desk import EmptyCarrier, StoppedClock, carrier_doors, installation
from tests.journey.road import Road, RoadParts
from voice_node.desk import Desk
from voice_node.spool import Spool


@pytest.fixture
def road(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str, redis_url: str) -> Iterator[Road]:
    """An installation at noon of a Tuesday in Texas, before anybody was imported."""
    for name, value in installation(database_url=database_url, redis_url=redis_url).items():
        monkeypatch.setenv(name, value)
    clock, telephony, engine = StoppedClock(), MemoryTelephony(), make_engine(database_url, pool_size=4)
    desk = Desk(
        briefs=SqlBriefRepository(engine, clock),
        reports=SqlReportRepository(engine),
        suppressions=SqlSuppressionRepository(engine),
        appointments=SqlAppointmentRepository(engine),
        spool=Spool(tmp_path / "spool"),
        clock=clock,
    )
    with make_redis(redis_url) as redis:
        composed = bootstrap.compose(engine, redis)
        carrier = EmptyCarrier()
        services = replace(composed, telephony=telephony, lookup=carrier, carrier_books=carrier, clock=clock)
        monkeypatch.setattr(entry, "services", lambda: services)
        light = Connections(database_url, size=2)
        doors, door = carrier_doors(light, services)
        monkeypatch.setattr(answering, "_built", lambda: doors)
        monkeypatch.setattr(receiving, "_built", lambda: door)
        yield Road(
            RoadParts(
                services=services,
                telephony=telephony,
                outbox=SqlOutbox(engine),
                desk=desk,
                clock=clock,
                redis_url=redis_url,
            )
        )
    light.close()
    engine.dispose()
