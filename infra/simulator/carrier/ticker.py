"""One heartbeat for all lines: 20 ms, without drift."""

import asyncio

from infra.simulator.carrier.legs import Leg

TICK_SECONDS = 0.02
MOST_TICKS_AT_ONCE = 250


class Ticker:
    """Ticks every leg that joined. A late round is made up for by ticking more than once.

    After a pause of more than five seconds the rest is not made up for.
    """

    def __init__(self) -> None:
        self._legs: dict[Leg, None] = {}
        self._somebody = asyncio.Event()

    def join(self, leg: Leg) -> None:
        """Tick this leg from now on."""
        self._legs[leg] = None
        self._somebody.set()

    def leave(self, leg: Leg) -> None:
        """Tick it no more."""
        self._legs.pop(leg, None)
        if not self._legs:
            self._somebody.clear()

    async def run(self) -> None:
        """Tick until cancelled."""
        now = asyncio.get_running_loop().time
        while True:
            await self._somebody.wait()
            started, done = now(), 0
            while self._legs:
                await asyncio.sleep(max(0.0, started + (done + 1) * TICK_SECONDS - now()))
                due = int((now() - started) / TICK_SECONDS) - done
                for _ in range(min(due, MOST_TICKS_AT_ONCE)):
                    for leg in tuple(self._legs):
                        leg.tick()
                done += due
