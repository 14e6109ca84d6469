"""A server that stops in the middle of an answer: how long until the caller has a complete reply."""

import asyncio
import signal
import time
from collections.abc import Sequence

from infra.cli.bench_conversation.brain_turns import Reply, replied, settings_for
from infra.cli.bench_conversation.stand_in import standing_in
from infra.simulator.ollama import Pace
from voice_node.brains.choice import running_brain

PACE = Pace(first_token_seconds=0.3, token_seconds=0.09)
MOMENTS_SECONDS = (0.1, 0.35, 0.5, 0.7)
"""Into the turn: before the first token, in the first words, and when part of the reply was spoken."""
WAYS = (signal.SIGKILL, signal.SIGSTOP)
"""It is killed, so that its connections break; or its machine freezes, and nothing is heard of it any more."""


async def deaths() -> Sequence[tuple[float, Reply]]:
    """Seconds from the server's death to the last word of the reply as text, with the reply."""
    return [await _death(way, after) for way in WAYS for after in MOMENTS_SECONDS]


async def _death(way: signal.Signals, after_seconds: float) -> tuple[float, Reply]:
    async with standing_in(PACE) as server, running_brain(settings_for(server.url)) as running:
        replying = asyncio.create_task(replied(running.brain, turn=1))
        await asyncio.sleep(after_seconds)
        server.signal(way)
        died_at = time.monotonic()
        reply = await replying
    return max(reply.ended_at - died_at, 0.0), reply
