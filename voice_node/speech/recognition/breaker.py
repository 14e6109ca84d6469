"""Whether an engine is worth asking: shared by all calls of a worker, so that not each has to find out."""

from collections.abc import Callable

FAILURES = 3
RESTS_SECONDS = 20.0


class Breaker:
    """Opens after some failures in a row, or at once when asking again is pointless; lets one try when it has rested.

    Args:
        now: Seconds on any clock that does not go back.
        after: So many failures in a row open it.
        rests_seconds: How long it stays open.
    """

    def __init__(
        self, now: Callable[[], float], *, after: int = FAILURES, rests_seconds: float = RESTS_SECONDS
    ) -> None:
        self._now = now
        self._after = after
        self._rests_seconds = rests_seconds
        self._failures = 0
        self._open_until: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether the engine is better left alone."""
        return self._open_until is not None and self._now() < self._open_until

    def try_it(self) -> bool:
        """Whether to use the engine now. After a rest one may: until it tells, the others wait another rest."""
        if self.is_open:
            return False
        if self._open_until is not None:
            self._open_until = self._now() + self._rests_seconds
        return True

    def worked(self) -> None:
        """The engine did what it should."""
        self._failures = 0
        self._open_until = None

    def failed(self, *, rests_seconds: float | None = None) -> None:
        """The engine failed; ``rests_seconds`` when it is known how long it will go on failing."""
        self._failures += 1
        if rests_seconds is not None or self._failures >= self._after:
            self._open_until = self._now() + (rests_seconds or self._rests_seconds)
