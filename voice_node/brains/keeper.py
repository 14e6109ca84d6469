"""Looks after the servers: which are there, what they hold loaded, and whether one that failed is well again."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import timedelta

from voice_node.brains.faults import CutShort, ModelFault, ServerFailed
from voice_node.brains.questions import Purpose, Question
from voice_node.brains.server import OllamaServer, full_name

log = logging.getLogger(__name__)
LOOK_SECONDS, LOAD_SECONDS, TRIAL_SECONDS = 3.0, 120.0, 5.0
TRIAL = Question(purpose=Purpose.REPLY, messages=({"role": "user", "content": "Say yes."},), most_tokens=4)


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How often a server is looked at, how long one that failed rests, and how long a start waits for models."""

    look_seconds: float = 5.0
    rest_seconds: float = 20.0
    start_seconds: float = 3.5


class Keeper:
    """Keeps the models of one server ready, and is the only one that tries a server out after a rest.

    So no caller waits for a server that is still unwell. The model of replies, ``models[0]``, is loaded again whenever
    it is not; the others once, when the server comes.

    Args:
        server: Whom it looks after.
        models: What is needed there.
        keep_loaded: How long the server keeps a model after its last use.
        rhythm: How often it looks.
        changed: Called whenever something else than before may be asked of the server.
        now: Seconds on any clock that does not go back.
    """

    def __init__(
        self,
        server: OllamaServer,
        *,
        models: Sequence[str],
        keep_loaded: timedelta,
        rhythm: Rhythm,
        changed: Callable[[], None],
        now: Callable[[], float],
    ) -> None:
        self._server = server
        self._models = tuple(models)
        self._refresh_seconds = keep_loaded.total_seconds() / 2
        self._every_seconds = rhythm.look_seconds
        self._changed = changed
        self._now = now
        self._hurry = asyncio.Event()
        self._was = ""
        self._refreshed_at: dict[str, float] = {}
        self.settled = asyncio.Event()
        """Set once it is known how the server is, and its models are loaded if it is there."""

    def hurry(self) -> None:
        """Something seems wrong: look now."""
        self._hurry.set()

    async def watch(self) -> None:
        """Look after the server until cancelled."""
        while True:
            self._hurry.clear()
            self._tell(await self._look())
            self.settled.set()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every_seconds):
                    await self._hurry.wait()

    async def _look(self) -> str:
        """See to everything; returns how the server is."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._server.look()
        except (TimeoutError, ServerFailed):
            self._server.gone()
            self._refreshed_at.clear()
            return "away"
        finally:
            self._changed()
        missing = [model for model in self._models if full_name(model) not in self._server.installed]
        if self._server.breaker.is_open:
            return "resting"
        try:
            await self._load()
            await self._try_out()
        except (TimeoutError, ModelFault) as fault:
            self._server.breaker.failed()
            return f"failing: {type(fault).__name__}"
        finally:
            self._changed()
        return f"lacks {', '.join(missing)}" if missing else "ready"

    async def _load(self) -> None:
        for place, model in enumerate(self._models):
            name, refreshed_at = full_name(model), self._refreshed_at.get(model)
            if name not in self._server.installed:
                continue
            if refreshed_at is None:
                is_due = True
            elif place == 0:
                is_due = name not in self._server.loaded or self._now() - refreshed_at > self._refresh_seconds
            else:
                is_due = False
            if is_due:
                async with asyncio.timeout(LOAD_SECONDS):
                    await self._server.load(model)
                self._refreshed_at[model] = self._now()

    async def _try_out(self) -> None:
        """Have a word written where the breaker asks for a trial."""
        model = self._models[0]
        if self._server.breaker.is_closed or full_name(model) not in self._server.installed:
            return
        if not self._server.breaker.allows():
            return
        with suppress(CutShort):
            async with asyncio.timeout(TRIAL_SECONDS):
                async with aclosing(self._server.write(TRIAL, model=model)) as pieces:
                    async for _ in pieces:
                        pass
        self._server.breaker.succeeded()

    def _tell(self, state: str) -> None:
        if state != self._was:
            level = logging.INFO if state == "ready" else logging.WARNING
            log.log(level, "A language model's server", extra={"server": self._server.host, "state": state})
        self._was = state
