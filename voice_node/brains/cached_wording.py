"""What a model has worded before, for ordinary turns: taken from the cache where it is there, and kept where it may be.

Nothing of a person is ever kept. A request with a key was made without anything of the person; its answer is kept with
its placeholders, and only where it holds no word but everyday ones and the script's. Whoever hears it later has it
judged again by their own data.
"""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from shared.conversation.prompt import Prompt
from shared.conversation.wording import Wording
from shared.kernel.errors import Unavailable
from shared.metrics import Metric, count

log = logging.getLogger(__name__)
Found = TypeVar("Found")

VARIANTS = 3
"""So many answers are kept for each request: the voice does not say the same each time."""
WAIT_SECONDS = 0.05
"""Longer than this nobody waits for the cache: the model is asked."""
FAILURES_TO_REST, REST_SECONDS = 3, 5.0
_PLACE, _SOMETHING = re.compile(r"\{\w+\}"), "whatsit"


class WordedLines(Protocol):
    """Where answers are kept, several under each key by their place. Implemented by ``adapters.redis.worded_lines``."""

    async def get(self, under: Sequence[str], place: int) -> list[str | None]:
        """What lies at the place under each key.

        Raises:
            Unavailable: The place cannot be reached.
        """
        ...

    async def put(self, under: Sequence[str], place: int, text: str) -> None:
        """Keep an answer at the place under each key, for a while; raises like ``get``."""
        ...


class CachedWording:
    """The cache as a brain uses it. Without it, or while it is away, everything is asked of the model.

    Args:
        lines: Where answers are kept.
        installation: Whose they are: nobody else reads them.
        model: Who worded them.
        wait_seconds: How long the cache is waited for.
        now: Seconds that never go back.
    """

    def __init__(
        self,
        lines: WordedLines,
        *,
        installation: str,
        model: str,
        wait_seconds: float = WAIT_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lines = lines
        self._scope = f"{installation}:{model}"
        self._wait_seconds = wait_seconds
        self._now = now
        self._failures = 0
        self._rests_until = 0.0

    async def find(self, prompt: Prompt) -> tuple[str, ...] | None:
        """The sentences to speak, if the same was worded before: word for word the same, or of the same meaning."""
        if prompt.key is None:
            count(Metric.WORDINGS, result="personal")
            return None
        under = self._under(prompt)
        found = await self._asked(self._lines.get(under, prompt.key.draw % VARIANTS))
        if found is None:
            count(Metric.WORDINGS, result="away")
            return None
        for result, text in zip(("exact", "semantic"), found, strict=True):
            if text is not None and (said := _spoken(prompt, text)):
                count(Metric.WORDINGS, result=result)
                return said
        count(Metric.WORDINGS, result="miss")
        return None

    async def keep(self, prompt: Prompt, written: str) -> None:
        """Keep a model's answer of which every word was spoken, unless it holds a word of anybody's."""
        if prompt.key is not None and is_open(prompt, written):
            await self._asked(self._lines.put(self._under(prompt), prompt.key.draw % VARIANTS, written))

    def _under(self, prompt: Prompt) -> tuple[str, ...]:
        assert prompt.key is not None
        scope = f"{self._scope}:{prompt.key.seller}:{prompt.key.script}"
        return tuple(f"{scope}:{each}" for each in (prompt.key.exact, prompt.key.semantic))

    async def _asked(self, question: Awaitable[Found]) -> Found | None:
        """The answer of the cache, ``None`` where there is none in time; after a few it is left alone for a while."""
        asking = asyncio.ensure_future(question)
        asking.add_done_callback(_noticed)
        if self._now() < self._rests_until:
            asking.cancel()
            return None
        try:
            is_done = await self._in_time(asking)
        finally:
            asking.cancel()
        if is_done and not isinstance(asking.exception(), Unavailable):
            self._failures = 0
            return asking.result()
        self._failures += 1
        if self._failures >= FAILURES_TO_REST:
            log.warning("The cache of worded lines cannot be used")
            self._rests_until = self._now() + REST_SECONDS
        return None

    async def _in_time(self, asking: "asyncio.Future[Found]") -> bool:
        """Whether the cache answers in time. Where this process itself was late, it gets the time once more.

        It is waited for from outside: a client that cleans up slowly after a cancellation keeps nobody from speaking.
        """
        for _ in range(2):
            begun_at = self._now()
            done, _ = await asyncio.wait({asking}, timeout=self._wait_seconds)
            if done or self._now() - begun_at < 2 * self._wait_seconds:
                break
        return bool(done)


def is_open(prompt: Prompt, written: str) -> bool:
    """Whether an answer has no words but everyday ones, the script's, and placeholders: nobody's data is among them."""
    bare, written, *asks = (_PLACE.sub(_SOMETHING, text) for text in (prompt.bare, written, *prompt.asks))
    judge = Wording((bare,), asks=asks)
    judge.take(f"{written} ")
    judge.finish()
    return judge.kept is not None


def _spoken(prompt: Prompt, text: str) -> tuple[str, ...] | None:
    """A kept answer with this person's names and dates; ``None`` when it does not hold against their data."""
    wording = prompt.wording()
    said = (*wording.take(f"{text} "), *wording.finish())
    return said if wording.kept is not None else None


def _noticed(asking: asyncio.Future[Found]) -> None:
    """A question that nobody waits for any more may fail unheard."""
    if not asking.cancelled():
        asking.exception()
