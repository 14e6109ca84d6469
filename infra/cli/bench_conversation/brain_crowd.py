"""Twenty conversations and ten background jobs at one server with four slots."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from infra.cli.bench_conversation.brain_turns import replied, settings_for
from infra.cli.bench_conversation.stand_in import standing_in
from infra.simulator.ollama import Pace
from voice_node.brains.choice import running_brain
from voice_node.brains.meter import Meter
from voice_node.brains.pool import OllamaPool
from voice_node.brains.questions import Purpose, Question

CONVERSATIONS, JOBS, SLOTS, TURNS = 20, 10, 4, 10
PACE = Pace(first_token_seconds=0.15, token_seconds=0.014)
"""A model of eight billion parameters on one graphics card: some seventy tokens a second for each of four requests."""
PAUSE_SECONDS = (5.0, 8.0)
"""Between two turns of a call the agent is heard out and the caller answers."""
SUMMARY = Question(
    purpose=Purpose.SUMMARY,
    messages=({"role": "user", "content": "SAY: " + "The seller wants to move in spring and has a question. " * 20},),
    most_tokens=600,
)


@dataclass(kw_only=True)
class Crowd:
    """What was measured: seconds that live turns waited for room, and how many turns, jobs and yields there were."""

    waits: list[float] = field(default_factory=list)
    turns: int = 0
    complete: int = 0
    by_script: int = 0
    jobs: int = 0
    yields: int = 0


class CrowdMeter(Meter):
    """Writes down every figure of live turns besides counting it."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd

    def waited(self, seconds: float, *, is_live: bool) -> None:
        """Keep what live turns waited, those in vain too."""
        super().waited(seconds, is_live=is_live)
        if is_live:
            self._crowd.waits.append(seconds)

    def answered(self, purpose: str, result: str) -> None:
        """Count the turns that are the script's."""
        super().answered(purpose, result)
        self._crowd.by_script += purpose == Purpose.REPLY and result != "answered"

    def gave_way(self) -> None:
        """Count it."""
        super().gave_way()
        self._crowd.yields += 1


async def crowd(*, scale: float = 1.0) -> Crowd:
    """Measure; ``scale`` shortens the calls."""
    found = Crowd()
    async with standing_in(PACE, slots=SLOTS) as server:
        settings = settings_for(server.url, background_deadline=timedelta(minutes=10))
        async with running_brain(settings, meter=CrowdMeter(found)) as running:
            assert running.models is not None
            jobs = [asyncio.create_task(_summarise(running.models, found)) for _ in range(JOBS)]

            async def turn(number: int) -> None:
                reply = await replied(running.brain, number)
                found.turns += 1
                found.complete += reply.is_complete

            await _conversations(turn, scale=scale)
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
    return found


async def plain_queue(*, scale: float = 1.0) -> list[float]:
    """The same load through a queue in the order of coming: seconds that live turns wait."""
    waits: list[float] = []
    slots = asyncio.Semaphore(SLOTS)
    job_seconds = PACE.first_token_seconds + PACE.token_seconds * len(SUMMARY.messages[0]["content"]) / 5
    turn_seconds = PACE.first_token_seconds + PACE.token_seconds * 20

    async def summarise() -> None:
        while True:
            async with slots:
                await asyncio.sleep(job_seconds)

    async def turn(number: int) -> None:
        asked_at = time.monotonic()
        async with slots:
            waits.append(time.monotonic() - asked_at)
            await asyncio.sleep(turn_seconds)

    jobs = [asyncio.create_task(summarise()) for _ in range(JOBS)]
    await _conversations(turn, scale=scale)
    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)
    return waits


async def _conversations(turn: Callable[[int], Awaitable[None]], *, scale: float) -> None:
    turns = max(2, round(TURNS * scale))
    await asyncio.gather(*(_talk(turn, Random(number), number, turns) for number in range(CONVERSATIONS)))


async def _talk(turn: Callable[[int], Awaitable[None]], dice: Random, number: int, turns: int) -> None:
    await asyncio.sleep(dice.uniform(0, PAUSE_SECONDS[1]))
    for place in range(turns):
        await turn(number + place)
        await asyncio.sleep(dice.uniform(*PAUSE_SECONDS))


async def _summarise(models: OllamaPool, found: Crowd) -> None:
    while True:
        await models.text(SUMMARY)
        found.jobs += 1
