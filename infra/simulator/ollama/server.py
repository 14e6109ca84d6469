"""The server on its port."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from infra.simulator.ollama.endpoints import Endpoints
from infra.simulator.ollama.habits import Habits
from infra.simulator.ollama.http import Connection
from infra.simulator.ollama.protocol import Asked


class Ollama:
    """A server that runs. ``habits`` may be changed; ``asked`` are the questions that were put to it."""

    def __init__(self, habits: Habits, *, now: Callable[[], datetime], port: int = 0) -> None:
        self.habits = habits
        self._now = now
        self._port = port
        self._connections: set[Connection] = set()
        self._listening: asyncio.Server | None = None
        self._endpoints = Endpoints(habits, now)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def asked(self) -> list[Asked]:
        """The questions that came, in their order; those that only load a model are none."""
        return self._endpoints.asked

    @property
    def working(self) -> int:
        """How many requests are worked on or wait for a slot."""
        return self._endpoints.working

    @property
    def loaded(self) -> tuple[str, ...]:
        """The models in memory."""
        return self._endpoints.loaded

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return len(self._connections)

    async def start(self) -> None:
        """Listen; one that was killed comes back at the same address, with nothing loaded."""
        endpoints = self._endpoints = Endpoints(self.habits, self._now)
        self._listening = await asyncio.get_running_loop().create_server(
            lambda: Connection(endpoints.answer, self._connections), "127.0.0.1", self._port
        )
        self._port = self._listening.sockets[0].getsockname()[1]

    async def kill(self) -> None:
        """Be gone at once, in the middle of whatever it was saying."""
        if self._listening is not None:
            self._listening.close()
        connections = list(self._connections)
        for connection in connections:
            connection.drop()
        await asyncio.gather(*(each.ended() for each in connections))


@asynccontextmanager
async def running_ollama(
    habits: Habits | None = None, *, now: Callable[[], datetime], port: int = 0
) -> AsyncIterator[Ollama]:
    """The server, until the block ends."""
    server = Ollama(habits or Habits(), now=now, port=port)
    await server.start()
    try:
        yield server
    finally:
        await server.kill()
