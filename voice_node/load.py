"""How busy a worker is: what it uses of the processors, and how late its event loop runs."""

import asyncio
import os
import time
from collections import deque

from voice_node.pool.family import children, cpu_seconds

LOOK_SECONDS = 0.05
LOOKS = 60
"""Three seconds: one long step of one call is no reason to turn others away."""
MEASURE_SECONDS = 1.0
LATE_MS, ON_TIME_MS = 250.0, 100.0
"""At the first a worker takes no new calls, at the second it does again: audio is sent 400 ms ahead."""


class Load:
    """Measured by ``watch_on``, which must run; until then a worker counts as idle."""

    def __init__(self) -> None:
        self._lags: deque[float] = deque([0.0] * LOOKS, maxlen=LOOKS)
        self._cores = 0.0
        self._is_late = False

    @property
    def lag_ms(self) -> float:
        """How late the loop has been in the last seconds, at the 90th percentile."""
        return round(sorted(self._lags)[LOOKS * 9 // 10] * 1_000, 1)

    @property
    def cores(self) -> float:
        """What the worker and its engines use, in cores."""
        return round(self._cores, 3)

    @property
    def is_late(self) -> bool:
        """Whether the loop runs so late that one call more would hurt those that are there."""
        lag = self.lag_ms
        self._is_late = lag > (ON_TIME_MS if self._is_late else LATE_MS)
        return self._is_late

    def note(self, late_seconds: float) -> None:
        """The loop was this late once."""
        self._lags.append(late_seconds)

    async def watch_on(self) -> None:
        """Measure until cancelled."""
        loop = asyncio.get_running_loop()
        measured_at, used = loop.time(), _used()
        while True:
            due = loop.time() + LOOK_SECONDS
            await asyncio.sleep(LOOK_SECONDS)
            now = loop.time()
            self.note(max(0.0, now - due))
            if now - measured_at >= MEASURE_SECONDS:
                used_now = _used()
                # An engine that ended takes what it had used out of the sum.
                self._cores = max(0.0, used_now - used) / (now - measured_at)
                measured_at, used = now, used_now


def _used() -> float:
    return time.process_time() + sum(cpu_seconds(pid) for pid in children(os.getpid()))
