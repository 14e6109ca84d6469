"""Real processes die at steps of the dial protocol, over a real PostgreSQL, Redis and simulated carrier.

``make chaos SUITE=dial`` has them die at every step, twenty times each.
"""

import pytest

from infra.cli.chaos.dial.processes.lives import rows_of_deaths
from infra.cli.chaos.dial.processes.steps import STEPS
from infra.cli.chaos.dial.races import race_for_money, race_for_people
from infra.cli.chaos.dial.servers import a_database, an_engine
from shared.kernel.money import ZERO

CHOSEN = [step for step in STEPS if step.when == "after" and step.port in ("telephony.place", "calls.close")]


@pytest.mark.real_servers
@pytest.mark.timeout(300)
def test_a_process_that_dies_after_its_step_rings_nobody_twice_and_leaves_nothing_open(postgres_url: str) -> None:
    rows = rows_of_deaths(postgres_url, 1, 1, CHOSEN)

    assert len(rows) == 2
    assert [row for row in rows if not row.holds] == []


@pytest.mark.real_servers
@pytest.mark.timeout(300)
def test_sixty_four_at_once_spend_no_money_twice_and_claim_nobody_twice(postgres_url: str) -> None:
    with an_engine(a_database(postgres_url), pool_size=64) as engine:
        _, beyond = race_for_money(engine, 1)
        _, twice = race_for_people(engine, 1)

    assert (beyond, twice) == (ZERO, 0)
