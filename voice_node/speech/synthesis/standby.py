"""The engine behind the one that speaks, asked before it is sure that it is needed."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing


async def next_piece(pieces: AsyncGenerator[bytes]) -> bytes | None:
    """The next piece of sound; ``None`` when there is no more."""
    return await anext(pieces, None)


class Standby:
    """Speech that is begun ahead: its first sound is there when it is wanted.

    Args:
        begin: Begins to speak a text.
    """

    def __init__(self, begin: Callable[[str], AsyncGenerator[bytes]]) -> None:
        self._begin = begin
        self._text = ""
        self._pieces: AsyncGenerator[bytes] | None = None
        self._first: asyncio.Task[bytes | None] | None = None

    async def prepare(self, text: str) -> asyncio.Task[bytes | None]:
        """Have the first sound of a text made; the task is done once it is there, or will not be."""
        if self._first is None or self._text != text:
            await self.drop()
            self._text, self._pieces = text, self._begin(text)
            self._first = asyncio.create_task(next_piece(self._pieces))
        return self._first

    async def speak(self, text: str) -> AsyncGenerator[bytes]:
        """The text from its beginning; what was prepared of it comes at once."""
        piece = await (await self.prepare(text))
        assert self._pieces is not None
        async with aclosing(self._pieces) as pieces:
            while piece is not None:
                yield piece
                piece = await next_piece(pieces)

    async def drop(self) -> None:
        """Nobody wants it any more."""
        first, self._first = self._first, None
        pieces, self._pieces = self._pieces, None
        if first is not None:
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
        if pieces is not None:
            await pieces.aclose()
