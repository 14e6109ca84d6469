"""A stand-in for Ollama, and the node's own way to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.simulator.ollama import Habits, Ollama, running_ollama
from shared.brain_settings import BrainSettings
from voice_node.brains.choice import RunningBrain, running_brain
from voice_node.brains.keeper import Rhythm
from voice_node.brains.pool import OllamaPool
from voice_node.brains.questions import Purpose, Question

NOW = datetime(2026, 3, 10, 18, tzinfo=UTC)
ASKED = ({"role": "system", "content": "Word it."}, {"role": "user", "content": "SAY: What brings you to sell?"})
GONE = "http://127.0.0.1:9"


def question(purpose: Purpose = Purpose.REPLY, *, words: str = "") -> Question:
    """What brings you to sell?"""
    messages = ({"role": "user", "content": words},) if words else ASKED
    return Question(purpose=purpose, messages=messages, most_tokens=200)


def settings_for(*addresses: str, **changes: str) -> BrainSettings:
    """Settings for servers; variables by their names."""
    values: dict[str, Any] = {"OLLAMA_URL": ",".join(addresses), "OLLAMA_MODEL": "sensible", **changes}
    return BrainSettings(_env_file=None, **values)


class Ear:
    """A listener that keeps what it heard."""

    def __init__(self, *, enough_after: int = 10_000) -> None:
        self.pieces: list[str] = []
        self.begun = asyncio.Event()
        self._enough_after = enough_after

    @property
    def has_enough(self) -> bool:
        return len(self.pieces) >= self._enough_after

    def take(self, piece: str) -> bool:
        self.pieces.append(piece)
        self.begun.set()
        return piece.rstrip().endswith((".", "?", "!"))

    @property
    def text(self) -> str:
        return "".join(self.pieces)


@pytest.fixture
async def server() -> AsyncIterator[Ollama]:
    async with running_ollama(Habits(), now=lambda: NOW) as ollama:
        yield ollama


@asynccontextmanager
async def thinking(*addresses: str, rhythm: Rhythm | None = None, **changes: Any) -> AsyncIterator[RunningBrain]:
    """The brain of a worker, everything loaded."""
    async with running_brain(settings_for(*addresses, **changes), rhythm=rhythm or Rhythm()) as running:
        yield running


@asynccontextmanager
async def pool_of(*addresses: str, rhythm: Rhythm | None = None, **changes: Any) -> AsyncIterator[OllamaPool]:
    """The way to the servers."""
    async with thinking(*addresses, rhythm=rhythm, **changes) as running:
        assert running.models is not None
        yield running.models
