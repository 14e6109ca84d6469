"""Virtual time: everything that happens, in the order of its moments; nobody sleeps."""

from collections.abc import Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

Act = Callable[[], None]


class Timeline:
    """A clock that jumps from one thing to the next. What is due at the same moment happens in the order it was put."""

    def __init__(self, start: datetime) -> None:
        self._moment = start
        self._waiting: list[tuple[datetime, int, Act]] = []
        self._numbers = count()

    def now(self) -> datetime:
        """The present moment."""
        return self._moment

    def at(self, moment: datetime, act: Act) -> None:
        """Do ``act`` then; what is past happens next."""
        heappush(self._waiting, (max(moment, self._moment), next(self._numbers), act))

    def after(self, seconds: float, act: Act) -> None:
        """Do ``act`` so many seconds from now."""
        self.at(self._moment + timedelta(seconds=seconds), act)

    def run_until(self, end: datetime) -> None:
        """Everything up to ``end``, which is then the present."""
        while self.step(until=end):
            pass
        self._moment = max(self._moment, end)

    def step(self, *, until: datetime) -> bool:
        """The next thing, if it is due by ``until``; whether there was one."""
        if not self._waiting or self._waiting[0][0] > until:
            return False
        moment, _, act = heappop(self._waiting)
        self._moment = max(self._moment, moment)
        act()
        return True
