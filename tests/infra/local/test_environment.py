"""Each process is told what it needs, and no more."""

from dataclasses import replace
from pathlib import Path

import pytest

from infra.local.environment import Environment


@pytest.fixture
def environment() -> Environment:
    return Environment(
        home=Path("/home"),
        port=8080,
        database_url="postgresql://owner@db/x",
        node_database_url="postgresql://node@db/x",
        redis_url="redis://r",
        personas=Path("/people"),
        slots=5,
        civil_time=None,
    )


def test_the_voice_node_never_learns_the_owners_login_or_the_api_key(environment: Environment) -> None:
    told = environment.node()

    assert told["DATABASE_URL"] == "postgresql://node@db/x"
    assert environment.api_key not in told.values()
    assert environment.database_url not in told.values()


def test_everybody_agrees_on_the_carrier_and_the_clock(environment: Environment) -> None:
    told = [environment.control(), environment.node(), environment.simulator()]

    for variable in ("TWILIO_BASE_URL", "TWILIO_AUTH_TOKEN", "REDIS_URL", "REAUTO_CLOCK"):
        assert len({each[variable] for each in told}) == 1


def test_two_runs_share_no_secret(environment: Environment) -> None:
    other = Environment(**{name: getattr(environment, name) for name in (
        "home", "port", "database_url", "node_database_url", "redis_url", "personas", "slots", "civil_time",
    )})  # fmt: skip

    assert other.call_token_secret != environment.call_token_secret
    assert other.api_key != environment.api_key


def test_the_workers_of_the_voice_node_share_its_calls(environment: Environment) -> None:
    one, two, many = (replace(environment, workers=workers).node() for workers in (1, 2, 8))

    assert [(told["NODE_WORKERS"], told["NODE_SLOTS"]) for told in (one, two, many)] == [
        ("1", "5"),
        ("2", "3"),
        ("5", "1"),
    ]
