"""When an engine is left alone for a while: one breaker for each, shared by the calls of a worker."""

from collections.abc import Callable

FAILURES = 3
REST_SECONDS = 20.0
LONG_REST_SECONDS = 600.0
"""For what asking again soon does not mend: a refused key, a quota that is used up."""


class Breaker:
    """Opens after failures in a row, or at once when it is known how long asking is pointless.

    After a rest one request is let through; until it tells, nobody else is, for another rest at the most. When it
    succeeds the breaker closes, when it fails the rest begins anew.

    Args:
        now: Seconds on any clock that does not go back.
        after: So many failures in a row open it.
        rests_seconds: How long it stays open.
    """

    def __init__(self, now: Callable[[], float], *, after: int = FAILURES, rests_seconds: float = REST_SECONDS) -> None:
        self._now = now
        self._after = after
        self._rests_seconds = rests_seconds
        self._failures = 0
        self._rests_until: float | None = None
        self._is_probing = False

    @property
    def is_open(self) -> bool:
        """Whether the engine is better left alone now; asking this lets no request through."""
        return self._rests_until is not None and self._now() < self._rests_until

    @property
    def is_closed(self) -> bool:
        """Whether nothing stands against a request: no rest, and none whose end has yet to be tried."""
        return self._rests_until is None

    def allows(self) -> bool:
        """Whether a request may be tried now. Who is told so tells how it went, or that it was abandoned."""
        if self.is_open:
            return False
        if self._rests_until is not None:
            self._is_probing = True
            self._rests_until = self._now() + self._rests_seconds
        return True

    def succeeded(self) -> None:
        """A request gave what it should."""
        self._failures, self._rests_until, self._is_probing = 0, None, False

    def failed(self, *, rests_seconds: float | None = None) -> None:
        """A request gave nothing, or broke off; ``rests_seconds`` when it is known how long it will go on so."""
        self._failures += 1
        if rests_seconds is not None or self._failures >= self._after or self._is_probing:
            until = self._now() + (self._rests_seconds if rests_seconds is None else rests_seconds)
            self._rests_until = until if self._rests_until is None else max(until, self._rests_until)
        self._is_probing = False

    def abandoned(self) -> None:
        """Who asked went away before it was known how the request ends: somebody else may try."""
        if self._is_probing:
            self._is_probing = False
            self._rests_until = self._now()
