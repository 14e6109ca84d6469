"""A migrated database that the tests of a module share, emptied for each."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from shared.storage.engine import make_engine
from tests.contracts.backends import Backend, emptied, sql_backend


@pytest.fixture(scope="module")
def module_engine(module_database_url: str) -> Iterator[Engine]:
    opened = make_engine(module_database_url, pool_size=40)
    yield opened
    opened.dispose()


@pytest.fixture
def engine(module_engine: Engine) -> Engine:
    return emptied(module_engine)


@pytest.fixture
def backend(engine: Engine) -> Backend:
    """A seller, a budget of ten dollars and a campaign."""
    return sql_backend(engine).furnish()
