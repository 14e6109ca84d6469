"""One worker process as its supervisor sees it: alive, heard of, and when to start it again."""

import os
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass

from voice_node.pool.pulse import Pulse, PulseReader


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long the supervisor waits, in seconds.

    ``stuck`` is how long a worker that was heard of may be silent before it is killed; ``stop`` is what is left to a
    worker that was told twice. A worker that lived for less than ``healthy`` is started again with a growing delay.
    """

    start: float = 180.0
    stuck: float = 8.0
    stop: float = 6.0
    healthy: float = 30.0
    first_delay: float = 0.5
    longest_delay: float = 30.0


class Member:
    """A worker by its name, through all its lives."""

    def __init__(self, name: str, patience: Patience) -> None:
        self.name = name
        self.pid: int | None = None
        self.control: socket.socket | None = None
        self.pulse: Pulse | None = None
        self.lives = 0
        self.due_at = 0.0
        self._patience = patience
        self._reader = PulseReader()
        self._failures = 0
        self._born_at = 0.0
        self._heard_at = 0.0

    @property
    def takes_calls(self) -> bool:
        """Whether it says that it takes calls."""
        return self.pulse is not None and self.pulse.ready

    @property
    def room(self) -> float:
        """How much it can still take: free slots, less the busier it is."""
        if self.pulse is None or not self.pulse.ready:
            return 0.0
        return (self.pulse.slots - self.pulse.live) * (1.05 - min(self.pulse.load, 1.0))

    def born(self, pid: int, control: socket.socket, now: float) -> None:
        """It lives: ``control`` is our end of the socket to it."""
        control.setblocking(False)
        self.pid, self.control, self.pulse = pid, control, None
        self.lives += 1
        self._reader = PulseReader()
        self._born_at = self._heard_at = now

    def listen(self, now: float) -> bool:
        """Read what it says; ``False`` when it has closed its end."""
        assert self.control
        try:
            data = self.control.recv(65_536)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self._heard_at = now
        self.pulse = self._reader.feed(data) or self.pulse
        return bool(data)

    def is_stuck(self, now: float) -> bool:
        """Whether it lives, and has been silent for too long."""
        allowed = self._patience.start if self.pulse is None else self._patience.stuck
        return self.pid is not None and now - self._heard_at > allowed

    def died(self, now: float) -> float:
        """It is gone; returns the seconds after which it is to be started again."""
        self.pid, self.pulse = None, None
        if self.control:
            self.control.close()
            self.control = None
        if now - self._born_at >= self._patience.healthy:
            self._failures = 0
        patience = self._patience
        delay = min(patience.longest_delay, patience.first_delay * 2 ** (self._failures - 1)) if self._failures else 0.0
        self._failures += 1
        self.due_at = now + delay
        return delay

    def take(self, connection: socket.socket) -> bool:
        """Hand it a connection; ``False`` when it does not take any. Our copy is still open."""
        if self.control is None or self.pulse is None:
            return False
        try:
            socket.send_fds(self.control, [b"c"], [connection.fileno()])
        except OSError:
            return False
        return True

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal; harmless when it does not live."""
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)
