"""The simulated carrier: starts, stops, and says where it listens."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from infra.simulator.carrier.account import Account
from infra.simulator.carrier.app import build_app
from infra.simulator.carrier.call import Call
from infra.simulator.carrier.exchange import Exchange, Telephones
from infra.simulator.carrier.faults import Faults
from infra.simulator.carrier.life import ring_in
from infra.simulator.carrier.voice import SilentVoice, Voice
from infra.simulator.line import Telephone
from shared.kernel.clock import Clock

GRACE_SECONDS = 2


class Carrier:
    """A telephone company without telephones, speaking Twilio's protocol on a local port.

    Every time it shows is ``clock``'s; sound and timers run in machine time. ``telephones`` says who has
    which number. With ``port`` 0 a free one is taken.
    """

    def __init__(
        self,
        *,
        account: Account,
        clock: Clock,
        telephones: Telephones,
        voice: Voice | None = None,
        faults: Faults | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.exchange = Exchange(
            account=account,
            clock=clock,
            telephones=telephones,
            voice=voice or SilentVoice(),
            faults=faults or Faults(),
        )
        self._host = host
        self._port = port
        self._stopping = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None

    @property
    def base_url(self) -> str:
        """The address that stands for ``https://api.twilio.com``; known once started."""
        return self.exchange.base_url

    async def start(self) -> None:
        """Listen and let the lines tick.

        Raises:
            OSError: The port is taken.
        """
        listener = socket.create_server((self._host, self._port))
        self.exchange.base_url = f"http://{self._host}:{listener.getsockname()[1]}"
        self.exchange.tasks.spawn(self.exchange.ticker.run(), "ticker")
        config = uvicorn.Config(
            build_app(self.exchange, stopping=self._stopping),
            log_config=None,
            access_log=False,
            lifespan="off",
            date_header=False,
            ws="none",
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        server = _Server(config, self._stopping)
        self._serving = asyncio.create_task(server.serve(sockets=[listener]))

    async def stop(self) -> None:
        """End every call, tell so for at most two seconds, and close the port."""
        for call in tuple(self.exchange.calls.values()):
            self.exchange.end(call, "completed" if call.was_answered else "canceled")
        self._stopping.set()
        if self._serving:
            await self._serving
        await self.exchange.deliveries.stop(grace_seconds=GRACE_SECONDS)
        await self.exchange.tasks.stop()
        await self.exchange.webhooks.close()

    def set_faults(self, faults: Faults) -> None:
        """From now on these go wrong."""
        self.exchange.dice.set(faults)

    def ring_in(self, *, from_number: str, to_number: str, telephone: Telephone | None = None) -> Call:
        """Have a person ring one of the account's numbers.

        Raises:
            NotFound: The account does not own ``to_number``, or nobody has ``from_number``.
        """
        return ring_in(from_number=from_number, to_number=to_number, exchange=self.exchange, telephone=telephone)


class _Server(uvicorn.Server):
    """A guest in the process: leaves its signals alone, and serves until told to stop."""

    def __init__(self, config: uvicorn.Config, stopping: asyncio.Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        await self._stopping.wait()
