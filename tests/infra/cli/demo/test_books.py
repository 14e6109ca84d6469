"""The books of a run, over a real database."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from infra.cli.demo.books import Books
from shared.calls import AttemptState
from shared.kernel.money import ZERO
from shared.leads import LeadStatus
from shared.storage.engine import make_engine
from tests.contracts.backends import Backend, sql_backend
from tests.contracts.nouns import CAMPAIGN_ID, NOON

pytestmark = pytest.mark.real_servers


@pytest.fixture
def engine(database_url: str) -> Engine:
    return make_engine(database_url, pool_size=2)


@pytest.fixture
def backend(engine: Engine) -> Backend:
    return sql_backend(engine).furnish()


def test_a_run_is_over_when_everybody_rests_and_everything_is_settled(backend: Backend, engine: Engine) -> None:
    books = Books(engine, CAMPAIGN_ID)
    lead = backend.add_lead(next_attempt_at=NOON)
    assert not books.is_finished(books.standings(), NOON)
    assert books.is_finished(books.standings(), NOON - timedelta(hours=1))

    attempt = backend.plan(lead)

    [one] = books.standings()
    assert one.lead.status is LeadStatus.CLAIMED
    assert one.live is not None
    assert (one.live.id, one.live.state) == (attempt.id, AttemptState.PLANNED)
    assert not books.is_finished(books.standings(), NOON)
    assert len(books.records()) == 1
    assert books.report(books.records(), now=NOON).totals.leads == 1
    assert books.imbalance() == ZERO
    engine.dispose()
