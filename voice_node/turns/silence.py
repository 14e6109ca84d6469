"""Mutual silence: how long nobody has spoken, and how often that has been answered in a row."""

from collections.abc import Callable
from typing import Protocol

from voice_node.turns.playout import Playout

PATIENCE_SECONDS = 7.0


class CallerActivity(Protocol):
    """What turn taking knows of the caller."""

    @property
    def caller_is_speaking(self) -> bool:
        """Whether a turn of theirs is open."""
        ...

    @property
    def last_sound_at(self) -> float:
        """When they were last heard, in seconds since the stream began."""
        ...


class SilenceLadder:
    """Every rung is one stretch of ``patience_seconds`` in which nobody spoke."""

    def __init__(
        self,
        *,
        playout: Playout,
        caller: CallerActivity,
        now: Callable[[], float],
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._playout = playout
        self._caller = caller
        self._now = now
        self._patience_seconds = patience_seconds
        self._answered_at = 0.0
        self._granted_until = 0.0
        self.times = 0

    def seconds_left(self) -> float:
        """How long until the present silence is long enough to answer; zero or less when it is."""
        if self._caller.caller_is_speaking or not self._playout.is_silent:
            return self._patience_seconds
        quiet_since = max(self._playout.quiet_since, self._caller.last_sound_at, self._answered_at)
        until = max(quiet_since + self._patience_seconds, self._granted_until)
        return until - self._now()

    @property
    def caller_is_speaking(self) -> bool:
        """Whether a turn of the caller is open."""
        return self._caller.caller_is_speaking

    def climb(self) -> int:
        """The silence is answered now; returns for which time in a row."""
        self._answered_at = self._now()
        self.times += 1
        return self.times

    def grant(self, seconds: float) -> None:
        """Silence is expected for so long."""
        self._granted_until = self._now() + seconds

    def reset(self) -> None:
        """Someone said something."""
        self.times = 0
        self._granted_until = 0.0
