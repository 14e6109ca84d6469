"""What a voice is asked to speak, counted for the bill."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from voice_node.speech.synthesis.port import Synthesiser
from voice_node.speech.voice import Voice

ReportCharacters = Callable[[int, str], Awaitable[None]]
"""Told the characters of a text that an engine was asked for, and the engine's vendor."""


class Metered:
    """A synthesiser whose requests are reported: what was asked for is paid for, heard or not."""

    def __init__(self, inner: Synthesiser, report: ReportCharacters) -> None:
        self._inner = inner
        self._report = report
        self.name, self.vendor, self.version = inner.name, inner.vendor, inner.version

    async def synthesise(self, text: str, voice: Voice) -> AsyncGenerator[bytes]:
        """As the inner one, after reporting."""
        await self._report(len(text), self.vendor)
        async with aclosing(self._inner.synthesise(text, voice)) as pieces:
            async for pcm in pieces:
                yield pcm
