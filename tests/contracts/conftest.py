"""One fixture, two backends: whatever a test promises holds in memory and in PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from shared.storage.engine import make_engine
from shared.storage.light.connections import Connections
from tests.contracts.backends import Backend, emptied, memory_backend, sql_backend


@pytest.fixture(scope="module")
def module_engine(module_database_url: str) -> Iterator[Engine]:
    engine = make_engine(module_database_url, pool_size=8, prepares=True)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def module_connections(module_database_url: str) -> Iterator[Connections]:
    connections = Connections(module_database_url, size=4, prepares=True)
    yield connections
    connections.close()


@pytest.fixture(params=["memory", "sql"])
def backend(request: pytest.FixtureRequest) -> Backend:
    """A seller, a budget and a campaign, and nothing else."""
    if request.param == "memory":
        return memory_backend().furnish()
    engine, light = request.getfixturevalue("module_engine"), request.getfixturevalue("module_connections")
    return sql_backend(emptied(engine), light).furnish()
