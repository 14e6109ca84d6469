"""Calls as text, driven and worded as the node does it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from infra.cli.bench_conversation.private_people import NOW, WORD, Person, make_person
from infra.simulator.ollama import Habits, Manner, Ollama, running_ollama
from shared.adapters.redis.worded_lines import RedisWordedLines
from shared.brain_settings import BrainSettings
from shared.conversation import ActionResult, CallBrief, Move, OpenSlot
from shared.kernel.ids import AppointmentId
from shared.metrics import Metric, counting
from voice_node.agents.driver import Driver
from voice_node.agents.graph import decide_plainly
from voice_node.brains.choice import Cache, running_brain
from voice_node.brains.port import Brain

AT_ONCE, MOST_TURNS = 4, 24
PATIENCE_SECONDS = 2.0
"""These calls come a hundred times as fast as people talk: how late a busy machine is, is not what is measured."""


@dataclass(kw_only=True)
class Spoken:
    """What a run of calls left. ``wordings`` counts replies that a model was to word, by where they came from."""

    calls: int = 0
    lines: int = 0
    leaks: list[str] = field(default_factory=list)
    wordings: dict[str, int] = field(default_factory=dict)

    def wordings_share(self, *results: str) -> float:
        """The share of such wordings."""
        return sum(self.wordings.get(result, 0) for result in results) / max(1, sum(self.wordings.values()))


class Agreeable:
    """Everything that a call asks to be done is done."""

    async def opt_out(self, brief: CallBrief, words: str) -> ActionResult:
        """It is written down."""
        return ActionResult.DONE

    async def book(self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId) -> ActionResult:
        """It is booked."""
        return ActionResult.DONE

    async def move(
        self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId, *, instead_of: AppointmentId | None
    ) -> ActionResult:
        """It is moved."""
        return ActionResult.DONE

    async def cancel(self, brief: CallBrief, appointment_id: AppointmentId | None) -> ActionResult:
        """It is cancelled."""
        return ActionResult.DONE

    async def stop_recording(self, brief: CallBrief) -> ActionResult:
        """It is stopped."""
        return ActionResult.DONE


class Standing:
    """A clock that stands."""

    def now(self) -> datetime:
        """Always the same moment."""
        return NOW


@asynccontextmanager
async def worded_by(manner: Manner, lines: RedisWordedLines | None) -> AsyncIterator[tuple[Brain, Ollama]]:
    """A node's brain with a stand-in for Ollama of that manner, and what it keeps of its words."""
    async with running_ollama(Habits(), now=lambda: NOW) as server:
        settings = BrainSettings().model_copy(update={"servers": (server.url,), "slots": (AT_ONCE,), "model": manner})
        cache = Cache(lines=lines, installation="bench", wait_seconds=PATIENCE_SECONDS) if lines is not None else None
        async with running_brain(settings, cache=cache) as running:
            yield running.brain, server


async def hold_calls(brain: Brain, people: Sequence[Person], *, seed: int) -> Spoken:
    """Talk with everybody, some at a time."""
    found, room = Spoken(), asyncio.Semaphore(AT_ONCE)
    owners = {word: person for person in people for word in person.secrets}

    async def one(person: Person, number: int) -> None:
        async with room:
            said = await _hold(brain, person, Random(f"{seed}/{number}"))
        found.calls += 1
        found.lines += len(said)
        for text in said:
            heard = {word for word in WORD.findall(text.lower().replace(",", "")) if word in owners}
            found.leaks += [f"{word} in {text!r}" for word in heard if owners[word] is not person]

    with counting() as tally:
        await asyncio.gather(*(one(person, number) for number, person in enumerate(people)))
    for (metric, labels), times in tally.sums().items():
        if metric is Metric.WORDINGS:
            found.wordings[dict(labels)["result"]] = times
    return found


def crowd_of(count: int, *, seed: int) -> list[Person]:
    """So many people."""
    dice = Random(seed)
    return [make_person(number, dice) for number in range(count)]


async def _hold(brain: Brain, person: Person, dice: Random) -> list[str]:
    """One call; returns every line that was said in it."""
    driver = Driver(person.brief, decider=decide_plainly, actions=Agreeable(), clock=Standing())
    said: list[str] = []

    async def follow(moves: AsyncIterator[Move], heard: str) -> bool:
        is_over = False
        async for move in moves:
            said.extend([text async for text in brain.word(person.brief, move, heard)])
            is_over = is_over or move.ends_call
        return is_over

    is_over = await follow(driver.open(""), "")
    for _ in range(MOST_TURNS):
        if is_over:
            break
        heard = person.answer(driver.state.pending, dice)
        is_over = await follow(driver.heard(heard), heard)
    return said
