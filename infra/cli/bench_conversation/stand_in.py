"""A stand-in for Ollama in a process of its own, which can be stopped as a machine stops."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from infra.simulator.ollama import Pace
from shared.kernel.errors import Unavailable

START_SECONDS = 20.0
MODULE = "infra.simulator.ollama"


class StandIn:
    """The process, and its address."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self.url = url
        self._process = process

    def signal(self, number: signal.Signals) -> None:
        """Kill it, freeze it, or let it go on."""
        with suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def end(self) -> None:
        """Be rid of it, however it is."""
        self.signal(signal.SIGKILL)
        await self._process.wait()


@asynccontextmanager
async def standing_in(pace: Pace, *, slots: int = 4) -> AsyncIterator[StandIn]:
    """A server that runs until the block ends.

    Raises:
        Unavailable: It does not start.
    """
    options = (
        "--port",
        "0",
        "--slots",
        slots,
        "--first-token",
        pace.first_token_seconds,
        "--token",
        pace.token_seconds,
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", MODULE, *map(str, options), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        async with asyncio.timeout(START_SECONDS):
            url = (await process.stdout.readline()).decode().strip()
    except TimeoutError:
        url = ""
    running = StandIn(process, url)
    try:
        if not url:
            raise Unavailable("the stand-in for Ollama does not start")
        yield running
    finally:
        await running.end()
