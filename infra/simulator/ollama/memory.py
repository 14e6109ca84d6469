"""Models in the server's memory: loaded at need, kept for a while, each with its slots and a queue before them."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from infra.simulator.ollama.habits import Habits
from shared.kernel.errors import Malformed, Refused

KEEP = timedelta(minutes=5)
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")


class QueueIsFull(Refused):
    """More requests wait than may."""


@dataclass(kw_only=True)
class Loaded:
    """A model in memory until ``until``, or for ever."""

    context_tokens: int
    slots: asyncio.Semaphore
    until: datetime | None
    working: int = 0


def keep_of(wish: float | str | None) -> timedelta | None:
    """How long a request wants its model kept, ``None`` for ever: seconds, or ``30m`` and the like.

    Raises:
        Malformed: It is no duration.
    """
    if wish is None:
        return KEEP
    if isinstance(wish, str) and wish.lstrip("-").replace(".", "", 1).isdigit():
        wish = float(wish)
    if isinstance(wish, str):
        parts = _DURATION.findall(wish)
        if "".join(number + unit for number, unit in parts) != wish.lstrip("-") or not parts:
            raise Malformed(f'time: invalid duration "{wish}"')
        wish = sum(float(number) * UNITS[unit] for number, unit in parts) * (-1 if wish.startswith("-") else 1)
    return None if wish < 0 else timedelta(seconds=wish)


class Memory:
    """What is loaded, and who waits for it.

    Args:
        habits: How many may be served at once, how many wait, how long loading takes.
        now: The time, aware.
    """

    def __init__(self, habits: Habits, now: Callable[[], datetime]) -> None:
        self._habits = habits
        self._now = now
        self._loaded: dict[str, Loaded] = {}
        self._loading: dict[str, asyncio.Lock] = {}
        self._waiting = 0

    def listed(self) -> list[dict[str, Any]]:
        """What ``/api/ps`` says."""
        self._forget()
        return [
            {
                "name": name,
                "model": name,
                "size": 6_654_289_920,
                "size_vram": 6_654_289_920,
                "context_length": model.context_tokens,
                "expires_at": (model.until or datetime.max.replace(tzinfo=self._now().tzinfo)).isoformat(),
            }
            for name, model in self._loaded.items()
        ]

    @property
    def working(self) -> int:
        """How many requests are worked on or wait for a slot."""
        return sum(model.working for model in self._loaded.values())

    def unload(self, name: str) -> None:
        """Take a model out of memory."""
        self._loaded.pop(name, None)

    @asynccontextmanager
    async def place(
        self, name: str, *, context_tokens: int, keep: timedelta | None, needs_slot: bool = True
    ) -> AsyncIterator[float]:
        """A slot of a model, which is loaded first; gives the seconds that took.

        Raises:
            QueueIsFull: Too many wait already.
        """
        if self._waiting >= self._habits.most_waiting:
            raise QueueIsFull(name)
        self._waiting += 1
        is_waiting = True
        try:
            began = time.perf_counter()
            model = await self._load(name, context_tokens)
            loaded_seconds = time.perf_counter() - began
            model.working += 1
            try:
                if needs_slot:
                    await model.slots.acquire()
                try:
                    self._waiting, is_waiting = self._waiting - 1, False
                    yield loaded_seconds
                finally:
                    if needs_slot:
                        model.slots.release()
            finally:
                model.working -= 1
                model.until = None if keep is None else self._now() + keep
        finally:
            self._waiting -= is_waiting

    async def _load(self, name: str, context_tokens: int) -> Loaded:
        """The model with this window; one with another is loaded anew, as the real server does."""
        async with self._loading.setdefault(name, asyncio.Lock()):
            self._forget()
            model = self._loaded.get(name)
            if model is None or model.context_tokens != context_tokens:
                await asyncio.sleep(self._habits.load_seconds)
                slots = asyncio.Semaphore(self._habits.slots)
                model = Loaded(context_tokens=context_tokens, slots=slots, until=self._now() + KEEP)
                self._loaded[name] = model
            return model

    def _forget(self) -> None:
        now = self._now()
        for name, model in list(self._loaded.items()):
            if model.until is not None and model.until <= now and not model.working:
                del self._loaded[name]
