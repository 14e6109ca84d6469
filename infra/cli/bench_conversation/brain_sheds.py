"""Turns that a model cannot word in time: every one of them is the script's."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from infra.cli.bench_conversation.brain_turns import Reply, replied, settings_for
from infra.cli.bench_conversation.stand_in import standing_in
from infra.simulator.ollama import Pace
from shared.brain_settings import BrainSettings
from voice_node.brains.choice import running_brain

NOWHERE = "http://127.0.0.1:9"
CROWDED, TURNS = 12, 8
ONE_SLOT = Pace(first_token_seconds=0.6, token_seconds=0.05)


async def sheds() -> Sequence[Reply]:
    """What was said in turns past their deadline, without room, at a model that breaks off, and without a server."""
    async with standing_in(ONE_SLOT, slots=1) as server:
        at = settings_for(server.url)
        crowded = await _turns(at.model_copy(update={"slots": (1,)}), CROWDED, at_once=True)
        late = await _turns(at.model_copy(update={"model": "slow"}), TURNS)
        dying = await _turns(at.model_copy(update={"model": "dying", "deadline": timedelta(seconds=2)}), TURNS)
    gone = await _turns(settings_for(NOWHERE), TURNS)
    return (*crowded[1:], *late, *dying, *gone)


async def _turns(settings: BrainSettings, count: int, *, at_once: bool = False) -> Sequence[Reply]:
    async with running_brain(settings) as running:
        turns = [replied(running.brain, number) for number in range(count)]
        return await asyncio.gather(*turns) if at_once else [await turn for turn in turns]
