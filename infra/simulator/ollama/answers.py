"""How an answer goes out: token by token or whole, as it should be or broken on purpose."""

import asyncio
import time

from infra.simulator.ollama.habits import Fault, Pace
from infra.simulator.ollama.http import Exchange
from infra.simulator.ollama.protocol import Asked, Lines, encoded, figures
from infra.simulator.ollama.writing import Written

BROKEN = b'{"model":"qwen3:8b","created_at":"2026-01-05T15:00:00Z","message":{"role":"assist'
FAILURE = "an error was encountered while running the model: unexpected EOF"
GARBAGE = {
    Fault.BROKEN_LINE: BROKEN,
    Fault.NOT_AN_OBJECT: b'["message"]',
    Fault.NO_MESSAGE: b'{"done":false}',
    Fault.ERROR: encoded({"error": FAILURE}),
}
"""What a line is instead, that breaks the protocol."""


class Answering:
    """Sends one answer.

    Args:
        exchange: Where it goes.
        lines: Its form.
        pace: How fast it is written.
        began: When the request came, in seconds of ``time.perf_counter``.
        loaded_seconds: How long the model took to load.
    """

    def __init__(self, exchange: Exchange, *, lines: Lines, pace: Pace, began: float, loaded_seconds: float) -> None:
        self._exchange = exchange
        self._lines = lines
        self._pace = pace
        self._began = began
        self._loaded_seconds = loaded_seconds

    async def stream(self, asked: Asked, answer: Written) -> None:
        """Line by line, as it is written."""
        await asyncio.sleep(self._pace.first_token_seconds)
        await self._exchange.begin()
        for place, token in enumerate(answer.tokens):
            if place:
                await asyncio.sleep(self._pace.token_seconds)
            if place == answer.faulty_after and await self._breaks(answer):
                return
            await self._line(encoded(self._lines.piece(token)))
        if answer.tool is not None and self._lines.is_chat:
            await self._line(encoded(self._lines.tool_call(answer.tool, {"confirmed": True})))
        if answer.fault is not Fault.NEVER_DONE:
            await self._line(encoded(self._lines.last(reason=answer.reason, figures=self._figures(asked, answer))))
        await self._exchange.end()

    async def whole(self, asked: Asked, answer: Written) -> None:
        """In one piece, once it is all written."""
        await asyncio.sleep(self._pace.first_token_seconds + self._pace.token_seconds * len(answer.tokens))
        if answer.drops:
            self._exchange.drop()
        elif answer.fault in GARBAGE:
            await self._exchange.whole(GARBAGE[answer.fault])
        else:
            last = self._lines.last("".join(answer.tokens), reason=answer.reason, figures=self._figures(asked, answer))
            await self._exchange.whole(encoded(last))

    async def _breaks(self, answer: Written) -> bool:
        """Do what is wrong with the answer; whether that is its end."""
        if answer.drops:
            self._exchange.drop()
            return True
        if answer.fault is Fault.NEVER_DONE:
            await self._exchange.end()
            return True
        if answer.fault in GARBAGE:
            await self._line(GARBAGE[answer.fault])
        return False

    async def _line(self, data: bytes) -> None:
        await self._exchange.piece(data + b"\n")

    def _figures(self, asked: Asked, answer: Written) -> dict[str, int]:
        return figures(
            seconds=time.perf_counter() - self._began,
            loaded_seconds=self._loaded_seconds,
            messages=asked.said,
            tokens=len(answer.tokens),
        )
