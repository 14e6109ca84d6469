"""Signals as something to wait for beside sockets."""

import signal
import socket
from contextlib import suppress
from types import FrameType, TracebackType

STOPPING = (signal.SIGTERM, signal.SIGINT)
ALL = (*STOPPING, signal.SIGCHLD)


class Bell:
    """While entered, a signal makes ``ear`` readable; ``stops`` counts how often the process was asked to stop."""

    def __init__(self) -> None:
        self.stops = 0
        self.ear, self._hammer = socket.socketpair()
        self.ear.setblocking(False)
        self._hammer.setblocking(False)

    def __enter__(self) -> "Bell":
        """Take over the signals; main thread only."""
        signal.set_wakeup_fd(self._hammer.fileno(), warn_on_full_buffer=False)
        for number in ALL:
            signal.signal(number, self._rung)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give them back."""
        signal.set_wakeup_fd(-1)
        for number in ALL:
            signal.signal(number, signal.SIG_DFL)
        self.forget()

    def hush(self) -> None:
        """Take the ringing out of ``ear``."""
        with suppress(BlockingIOError):
            while self.ear.recv(4_096):
                pass

    def forget(self) -> None:
        """Close both ends."""
        self.ear.close()
        self._hammer.close()

    def _rung(self, number: int, frame: FrameType | None) -> None:
        self.stops += number in STOPPING
