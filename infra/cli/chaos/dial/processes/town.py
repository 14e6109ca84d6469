"""The world of a dying control plane: a simulated carrier with people, and a voice worker that reports."""

import asyncio
import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine
from websockets.asyncio.server import ServerConnection, serve

from infra.simulator.carrier.account import Account, IncomingNumber
from infra.simulator.carrier.carrier import Carrier
from infra.simulator.carrier.faults import Faults
from infra.simulator.line import Line, NoPickUp, PickUp, Ring
from shared.adapters.redis.connect import make_async_redis
from shared.adapters.redis.worker_lease import WorkerLease
from shared.conversation import CallReport
from shared.kernel.clock import Clock
from shared.kernel.ids import AttemptId
from shared.storage.reports import SqlReportRepository

ACCOUNT, TOKEN, OUR_NUMBER = "AC" + "7" * 32, "7" * 32, "+15125550000"
SLOTS = 30
BEAT_SECONDS = 1.5
TALK_SECONDS = 0.3


class Phone:
    """Two people of three pick up at once; the others are busy."""

    async def ring(self, ring: Ring) -> PickUp | NoPickUp:
        """Decide by the number."""
        if int(ring.to_number[-2:]) % 3 == 0:
            return NoPickUp(result="busy", after_seconds=0.1)
        return PickUp(after_seconds=0.1, decided_after_seconds=0.1)

    async def talk(self, line: Line) -> None:
        """Listen until it is over."""
        while await line.hear() is not None:
            pass


class Town:
    """Runs in a thread of its own. ``talks`` are the calls that were talked in, by attempt."""

    def __init__(self, *, redis_url: str, engine: Engine, clock: Clock) -> None:
        self.talks: dict[str, set[str]] = defaultdict(set)
        self._redis_url, self._clock = redis_url, clock
        self._reports = SqlReportRepository(engine)
        self._loop = asyncio.new_event_loop()
        self._ready, self._stopped = threading.Event(), asyncio.Event()
        account = Account(
            sid=ACCOUNT,
            auth_token=TOKEN,
            numbers=(IncomingNumber(number=OUR_NUMBER),),
            calls_per_second=1000,
        )
        self.carrier = Carrier(account=account, clock=clock, telephones=lambda _number: Phone())
        self._thread = threading.Thread(target=self._run, daemon=True)

    @contextmanager
    def open(self) -> Iterator["Town"]:
        """Let it live."""
        self._thread.start()
        self._ready.wait(30)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._stopped.set)
            self._thread.join(20)
            if not self._thread.is_alive():
                self._loop.close()

    def set_faults(self, faults: Faults) -> None:
        """From now on these go wrong at the carrier."""
        self._loop.call_soon_threadsafe(lambda: self.carrier.set_faults(faults))

    def calls(self) -> dict[str, list[str]]:
        """The sids of every call that was taken, by attempt."""
        found: dict[str, list[str]] = defaultdict(list)
        for call in list(self.carrier.exchange.calls.values()):
            found[call.order.url.rsplit("/", 1)[-1]].append(call.sid)
        return found

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._live())
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())

    async def _live(self) -> None:
        await self.carrier.start()
        async with make_async_redis(self._redis_url) as redis, serve(self._talk, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            lease = WorkerLease(redis, worker="w1", epoch="e1", url=f"ws://127.0.0.1:{port}", slots=SLOTS)
            beating = asyncio.create_task(_beat(lease))
            await asyncio.sleep(4.5)  # a worker that has just come may not be trusted yet
            self._ready.set()
            await self._stopped.wait()
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
        await self.carrier.stop()

    async def _talk(self, socket: ServerConnection) -> None:
        """Hear who it is, talk a moment, report and hang up."""
        assert socket.request is not None
        attempt_id = AttemptId(socket.request.path.rsplit("/", 1)[-1])
        async for text in socket:
            message: dict[str, Any] = json.loads(text)
            if message["event"] == "start":
                sid = message["start"]["callSid"]
                part = int(message["start"]["customParameters"].get("recovered", "0"))
                break
        else:
            return
        self.talks[attempt_id].add(sid)
        began = self._clock.now()
        await asyncio.sleep(TALK_SECONDS)
        report = CallReport(
            attempt_id=attempt_id,
            part=part,
            worker="w1",
            epoch="e1",
            started_at=began,
            ended_at=self._clock.now(),
            ended_by="agent",
            end_reason="done",
            heard="human",
        )
        await asyncio.to_thread(self._reports.add, report)
        call = self.carrier.exchange.calls.get(sid)
        if call is not None and not call.is_over:
            self.carrier.exchange.end(call, "completed")


async def _beat(lease: WorkerLease) -> None:
    while True:
        await lease.beat(ready=True)
        await asyncio.sleep(BEAT_SECONDS)


def nothing(_phase: str) -> None:
    """Nobody is told."""


Tell = Callable[[str], None]
