"""The pace of an account's dials, and its breaker, in memory."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from shared.calls.pace import AT_ONCE

MARGIN = 1.1
"""Turns are a little further apart than dials may be: nobody comes back to the moment."""


class MemoryPacer:
    """``Pacer`` by the clock ``now``; with ``every`` zero it never says wait."""

    def __init__(self, now: Callable[[], datetime], *, every: timedelta = AT_ONCE) -> None:
        self._now, self._every = now, every
        self._next: dict[str, datetime] = {}
        self._last_turn: dict[str, datetime] = {}
        self._lock = Lock()

    def take(self, account: str) -> timedelta:
        now = self._now()
        with self._lock:
            next_at = self._next.get(account, now)
            if next_at > now:
                behind = self._last_turn.get(account, now - 2 * self._every) + self._every * MARGIN
                self._last_turn[account] = max(next_at, behind)
                return self._last_turn[account] - now
            self._next[account] = now + self._every
            return AT_ONCE


@dataclass
class _Health:
    failures: int = 0
    open_until: datetime | None = None
    probe_until: datetime | None = None


class MemoryAccountBreaker:
    """``AccountBreaker`` by the clock ``now``: ``after`` failures in a row open it for ``open_for``."""

    def __init__(
        self, now: Callable[[], datetime], *, after: int = 5, open_for: timedelta = timedelta(seconds=30)
    ) -> None:
        self._now, self._after, self._open_for = now, after, open_for
        self._accounts: dict[str, _Health] = {}
        self._lock = Lock()

    def blocked_for(self, account: str) -> timedelta:
        now = self._now()
        with self._lock:
            return self._wait(account, now)

    def admit(self, account: str) -> timedelta:
        now = self._now()
        with self._lock:
            wait = self._wait(account, now)
            health = self._accounts.get(account)
            if wait == AT_ONCE and health is not None and health.open_until is not None:
                health.probe_until = now + self._open_for
            return wait

    def withdraw(self, account: str) -> None:
        with self._lock:
            health = self._accounts.get(account)
            if health is not None:
                health.probe_until = None

    def failed(self, account: str, *, at_once: bool) -> None:
        now = self._now()
        with self._lock:
            health = self._accounts.setdefault(account, _Health())
            health.failures += 1
            if at_once or health.open_until is not None or health.failures >= self._after:
                health.open_until, health.probe_until = now + self._open_for, None

    def succeeded(self, account: str) -> None:
        with self._lock:
            self._accounts.pop(account, None)

    def _wait(self, account: str, now: datetime) -> timedelta:
        health = self._accounts.get(account)
        if health is None:
            return AT_ONCE
        ends = [end for end in (health.open_until, health.probe_until) if end is not None]
        return max([AT_ONCE, *(end - now for end in ends)])
