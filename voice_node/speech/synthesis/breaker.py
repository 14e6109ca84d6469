"""When an engine is left alone for a while: one breaker for each, shared by the calls of a worker."""

from collections.abc import Callable
from dataclasses import dataclass

FAILURES = 3
REST_SECONDS = 20.0
LONG_REST_SECONDS = 600.0


@dataclass(frozen=True, kw_only=True)
class Resting:
    """How an engine stands: how many requests failed in a row, and for how many seconds it is still left alone."""

    failures: int
    seconds_left: float


class Breaker:
    """Opens after ``FAILURES`` in a row, lets one request through after a rest, and closes when that succeeds.

    A failure that lasts opens it at once, for long. ``now`` gives seconds that never go back.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._failures = 0
        self._rests_until = 0.0
        self._is_probing = False

    def allows(self) -> bool:
        """Whether a request may be tried now; after a rest only one at a time may."""
        if self._failures == 0 or (self._failures < FAILURES and self._rests_until == 0.0):
            return True
        if self._now() < self._rests_until or self._is_probing:
            return False
        self._is_probing = True
        return True

    def succeeded(self) -> None:
        """A request gave speech."""
        self._failures, self._rests_until, self._is_probing = 0, 0.0, False

    def failed(self, *, lasts: bool = False) -> None:
        """A request gave none, or broke off."""
        self._failures += 1
        self._is_probing = False
        if lasts or self._failures >= FAILURES:
            self._rests_until = self._now() + (LONG_REST_SECONDS if lasts else REST_SECONDS)

    def abandoned(self) -> None:
        """The one who asked went away before it was known how the request ends."""
        self._is_probing = False

    def state(self) -> Resting:
        """For whoever asks how the engine does."""
        return Resting(failures=self._failures, seconds_left=max(0.0, self._rests_until - self._now()))
