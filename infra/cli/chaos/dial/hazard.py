"""Ports that die, fail, or let something else happen first: proxies around them, and the visits they know of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from infra.cli.chaos.dial.faults import Crash, Dice
from infra.cli.chaos.dial.timeline import Timeline
from shared.kernel.errors import Unavailable

T = TypeVar("T")
MOST_CALLS = 14
"""Where in a visit it may happen; visits with fewer calls of ports go unharmed when it falls behind their end."""
DEEPEST = 2
MEANWHILE = timedelta(seconds=0.8)


@dataclass
class Visit:
    """One run of one function. ``crash_at`` and ``fail_at`` are numbers of calls; negative means after the effect."""

    function: str
    began: datetime
    crash_at: int = 0
    fail_at: int = 0
    calls: int = 0


class Hazard:
    """Knows which function runs, and decides at each of its calls of a port what goes wrong."""

    def __init__(self, dice: Dice, timeline: Timeline) -> None:
        self.saw: Callable[[str, tuple[Any, ...]], None] = lambda _label, _args: None
        self.reached: set[tuple[str, str]] = set()
        self.crashed: set[tuple[str, str, str]] = set()
        self.dice = dice
        self._timeline = timeline
        self._visits: list[Visit] = []

    @property
    def function(self) -> str:
        """The function that runs now, if one does."""
        return self._visits[-1].function if self._visits else ""

    def visited(self, function: str, run: Callable[[], T]) -> T:
        """Run a function, with its fate."""
        faults = self.dice.faults
        visit = Visit(function, self._timeline.now())
        if self.dice.happens(faults.crash):
            visit.crash_at = self.dice.whole(1, MOST_CALLS) * self.dice.one_of((1, -1))
        elif self.dice.happens(faults.fail):
            visit.fail_at = self.dice.whole(1, MOST_CALLS) * self.dice.one_of((1, -1))
        self._visits.append(visit)
        try:
            return run()
        finally:
            self._visits.pop()

    def around(self, label: str, call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a port, if it comes to that."""
        if not self._visits:
            return call(*args, **kwargs)
        visit = self._visits[-1]
        visit.calls += 1
        number = visit.calls
        self.reached.add((visit.function, label))
        if len(self._visits) <= DEEPEST and self.dice.happens(self.dice.faults.meanwhile):
            self._meanwhile(visit)
        is_doomed = visit.crash_at or visit.fail_at
        if is_doomed:
            self._strike(visit, number, label, "before")
        result = call(*args, **kwargs)
        self.saw(label, args)
        if is_doomed:
            self._strike(visit, -number, label, "after")
        return result

    def _strike(self, visit: Visit, number: int, label: str, when: str) -> None:
        if visit.crash_at == number:
            self.crashed.add((visit.function, label, when))
            raise Crash(f"{visit.function} {when} {label}")
        if visit.fail_at == number:
            raise Unavailable(f"{label} is away, {when} its effect")

    def _meanwhile(self, visit: Visit) -> None:
        """Another process does something between two steps of this one."""
        for _ in range(self.dice.whole(1, 3)):
            self._timeline.step(until=visit.began + MEANWHILE)


class _Watched:
    """Everything that the port has, with the hazard around each of its methods."""

    def __init__(self, port: object, name: str, hazard: Hazard) -> None:
        self._port, self._name, self._hazard = port, name, hazard

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(self._port, attribute)
        if not callable(found):
            return found
        label, hazard = f"{self._name}.{attribute}", self._hazard

        def watched(*args: Any, **kwargs: Any) -> Any:
            return hazard.around(label, found, args, kwargs)

        self.__dict__[attribute] = watched
        return watched


def watched(port: T, name: str, hazard: Hazard) -> T:
    """The port, as dangerous as the hazard makes it."""
    return cast(T, _Watched(port, name, hazard))
