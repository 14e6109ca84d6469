"""The database's clock, for machines whose own cannot be trusted: asked now and then, carried on in between."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import LiteralString

ASK_AGAIN_SECONDS = 300.0
NOW: LiteralString = "select clock_timestamp() as now"


class DatabaseTime:
    """What time it is by the database.

    Args:
        ask: Has the database answer ``NOW``.
        machine_now: The machine's own clock, of which only the difference to the database's is used.
        stopwatch: Seconds that never run backwards.
    """

    def __init__(
        self,
        ask: Callable[[], datetime],
        machine_now: Callable[[], datetime],
        *,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask_database = ask
        self._machine_now = machine_now
        self._stopwatch = stopwatch
        self._offset = timedelta(0)
        self._asked: float | None = None
        self._lock = Lock()

    def now(self) -> datetime:
        """The present moment, timezone-aware.

        Raises:
            Unavailable: The database was never reached, so nobody knows what time it is.
        """
        with self._lock:
            if self._asked is None or self._stopwatch() - self._asked > ASK_AGAIN_SECONDS:
                self._ask()
        return self._machine_now() + self._offset

    def _ask(self) -> None:
        """Measure the difference; the answer is taken to be from the middle of the wait for it."""
        before = self._machine_now()
        told = self._ask_database()
        after = self._machine_now()
        self._offset = told - (before + (after - before) / 2)
        self._asked = self._stopwatch()
