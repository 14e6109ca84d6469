"""Openings and prompts are rendered from the outbox, once each; an opening has its campaign dispatched."""

from dataclasses import dataclass, field
from typing import Any

from shared.adapters.memory.outbox import MemoryOutbox
from shared.campaigns import Opening
from shared.campaigns.prompts import Prompt, PromptKind
from shared.kernel.errors import Unavailable
from shared.kernel.outbox import NewMessage
from tests.voice_node.doubles import NOON, StillClock
from voice_node.errands import RETRY_IN, Errands
from voice_node.jobs import Renders
from voice_node.speech.voice import UnknownVoice, Voice

ORDER = {"campaign_id": "c1", "voice": "en-us+f2", "text": "Hi, this is Ava."}


@dataclass
class Shelf:
    """Keeps openings."""

    openings: list[Opening] = field(default_factory=list)
    prompts: list[Prompt] = field(default_factory=list)

    def save_prompt(self, prompt: Prompt) -> None:
        self.prompts.append(prompt)

    def save_opening(self, opening: Opening) -> None:
        self.openings.append(opening)


@dataclass
class Studio:
    """Renders one byte per character, or fails."""

    fault: Exception | None = None

    async def render_mulaw(self, text: str, voice: Voice) -> bytes:
        if self.fault is not None:
            raise self.fault
        return b"\x7f" * len(text)


def jobs_with(order: dict[str, Any], fault: Exception | None = None) -> tuple[Errands, MemoryOutbox, Shelf]:
    outbox, shelf = MemoryOutbox(), Shelf()
    outbox.put([NewMessage(topic="render", body=order)], NOON)
    renders = Renders(outbox=outbox, openings=shelf, prompts=shelf, renderer=Studio(fault), clock=StillClock())
    return Errands(outbox=outbox, takes={"render": renders}, clock=StillClock()), outbox, shelf


def waiting(outbox: MemoryOutbox, topic: str) -> list[dict[str, Any]]:
    leased = outbox.lease(topic=topic, now=NOON + RETRY_IN, lease_for=RETRY_IN, limit=9)
    return [message.body for message in leased]


async def test_a_rendered_opening_sets_off_its_campaign() -> None:
    jobs, outbox, shelf = jobs_with(ORDER)

    assert await jobs.work_once() == 1
    assert await jobs.work_once() == 0

    assert [(each.campaign_id, each.voice, len(each.audio)) for each in shelf.openings] == [("c1", "en-us+f2", 16)]
    assert waiting(outbox, "dispatch") == [{"campaign_id": "c1"}]
    assert waiting(outbox, "render") == []


async def test_a_prompt_is_kept_beside_the_opening() -> None:
    jobs, outbox, shelf = jobs_with({**ORDER, "kind": "inbound"})

    await jobs.work_once()

    assert [(each.campaign_id, each.kind, len(each.audio)) for each in shelf.prompts] == [
        ("c1", PromptKind.INBOUND, 16)
    ]
    assert shelf.openings == []
    assert waiting(outbox, "dispatch") == []


async def test_an_engine_that_fails_is_asked_again_later() -> None:
    jobs, outbox, shelf = jobs_with(ORDER, Unavailable("the engine died"))

    await jobs.work_once()

    assert shelf.openings == []
    assert waiting(outbox, "render") == [ORDER]


async def test_an_order_that_nobody_can_fill_is_laid_aside() -> None:
    orders = (
        jobs_with(ORDER, UnknownVoice("en-xx")),
        jobs_with({"campaign_id": "c1"}),
        jobs_with({**ORDER, "kind": "joke"}),
    )
    for jobs, outbox, _ in orders:
        await jobs.work_once()

        assert waiting(outbox, "render") == []
        assert waiting(outbox, "dispatch") == []
