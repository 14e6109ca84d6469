"""Real processes die at steps of the dial protocol, over a real PostgreSQL, Redis and simulated carrier.

``make chaos SUITE=dial`` has them die at every step, twenty times each.
"""

from datetime import timedelta

import psycopg
import pytest

from infra.cli.chaos.dial.parts import sql_parts
from infra.cli.chaos.dial.processes.deaths import rows_of_deaths
from infra.cli.chaos.dial.processes.steps import STEPS
from infra.cli.chaos.dial.races import race_for_money, race_for_people
from infra.cli.chaos.dial.servers import a_database, an_engine
from infra.cli.chaos.dial.world import Plan, World
from shared.kernel.money import ZERO
from shared.storage.invariants import SqlInvariants
from shared.storage.light.connections import Connections

CHOSEN = [step for step in STEPS if step.when == "after" and step.port == "telephony.place"]


@pytest.mark.real_servers
@pytest.mark.timeout(300)
def test_a_process_that_dies_after_its_step_rings_nobody_twice_and_leaves_nothing_open(postgres_url: str) -> None:
    rows = rows_of_deaths(postgres_url, 1, 1, CHOSEN)

    assert len(rows) == 1
    assert [row for row in rows if not row.holds] == []


@pytest.mark.real_servers
@pytest.mark.timeout(300)
def test_sixty_four_at_once_spend_no_money_twice_and_claim_nobody_twice(postgres_url: str) -> None:
    with an_engine(a_database(postgres_url), pool_size=64) as engine:
        _, beyond = race_for_money(engine, 1)
        _, twice = race_for_people(engine, 1)

    assert (beyond, twice) == (ZERO, 0)


@pytest.mark.real_servers
@pytest.mark.timeout(300)
def test_nothing_goes_wrong_in_a_rough_world_on_a_real_database(postgres_url: str) -> None:
    connections = Connections(url := a_database(postgres_url), size=2)
    with an_engine(url) as engine, psycopg.connect(url, autocommit=True) as outbox:
        world = World(
            plan=Plan(seed="database", people=20, lasts=timedelta(hours=2)),
            books=lambda _store: sql_parts(engine, connections, outbox),
        )
        outcome = world.live()
        broken = SqlInvariants(engine).violations(world.timeline.now())
    connections.close()

    assert outcome.attempts > 0
    assert [str(finding) for finding in outcome.findings] == []
    assert list(broken) == []
