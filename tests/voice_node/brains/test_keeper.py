"""Somebody beside the calls keeps the servers ready, and finds out when they are not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from infra.simulator.ollama import Ollama
from infra.simulator.ollama.habits import Fault
from tests.voice_node.brains.conftest import GONE
from tests.voice_node.media_client import until
from voice_node.brains.keeper import Keeper, Rhythm
from voice_node.brains.server import OllamaServer, full_name, make_client
from voice_node.breaker import Breaker

KEEP = timedelta(minutes=30)


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@asynccontextmanager
async def kept(url: str, clock: Clock, *models: str) -> AsyncIterator[tuple[OllamaServer, Keeper]]:
    """A server that is looked after, once it is known how it is."""
    server = OllamaServer(
        make_client(url, connections=2),
        address=url,
        slots=4,
        share=4,
        breaker=Breaker(clock),
        keep_loaded=KEEP,
        context_tokens=4_096,
    )
    rhythm = Rhythm(look_seconds=0.02)
    keeper = Keeper(server, models=models, keep_loaded=KEEP, rhythm=rhythm, changed=lambda: None, now=clock)
    watching = asyncio.create_task(keeper.watch())
    await keeper.settled.wait()
    yield server, keeper
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    await server.close()


async def test_every_model_is_loaded_when_the_server_comes(server: Ollama, clock: Clock) -> None:
    async with kept(server.url, clock, "sensible", "slow") as (known, _):
        assert server.loaded == ("sensible:latest", "slow:latest")
        assert known.takes("sensible", is_live=True)
        assert not known.takes("hostile", is_live=True)
        assert known.takes("hostile", is_live=False)


async def test_the_model_of_replies_is_loaded_again_and_the_others_are_not(server: Ollama, clock: Clock) -> None:
    async with kept(server.url, clock, "sensible", "slow"):
        server.unload("sensible:latest")
        server.unload("slow:latest")
        await until(lambda: server.loaded == ("sensible:latest",))
        await asyncio.sleep(0.1)
        assert server.loaded == ("sensible:latest",)


async def test_its_stay_is_renewed_before_it_is_over(server: Ollama, clock: Clock) -> None:
    async with kept(server.url, clock, "sensible"):
        before = server.loads
        clock.seconds += KEEP.total_seconds() * 0.6
        await until(lambda: server.loads == before + 1)


async def test_a_server_that_is_away_takes_nothing(clock: Clock) -> None:
    async with kept(GONE, clock, "sensible") as (known, _):
        assert not known.takes("sensible", is_live=False)


async def test_a_server_that_failed_is_tried_after_its_rest_by_nobody_else(server: Ollama, clock: Clock) -> None:
    server.habits.faults = (Fault.ERROR,)
    async with kept(server.url, clock, "malformed") as (known, keeper):
        for _ in range(3):
            known.breaker.failed()
        keeper.hurry()
        await asyncio.sleep(0.1)
        assert server.asked == []

        clock.seconds += 21
        await until(lambda: server.asked and not server.working)
        await asyncio.sleep(0.1)
        assert not known.takes("malformed", is_live=True)
        server.habits.faults = (Fault.EMPTY,)
        clock.seconds += 21
        await until(lambda: known.takes("malformed", is_live=True))


@pytest.mark.parametrize(
    ("name", "full"), [("qwen3", "qwen3:latest"), ("qwen3:8b", "qwen3:8b"), ("a:1/b", "a:1/b:latest")]
)
def test_a_name_without_a_tag_means_the_latest(name: str, full: str) -> None:
    assert full_name(name) == full
