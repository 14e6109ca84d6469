"""The queues and schedules in a process of their own, so that no background work keeps a caller waiting."""

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

MODULE = "infra.local.backstage_main"
GRACE_SECONDS = 8.0
REST_SECONDS = 0.02
WAKE = b"\n"


class BackstageProcess:
    """``Work`` in a child process. The child hears from us when to look, and ends when it hears no more of us.

    Args:
        lost: Called when the child has ended though nobody stopped it.
    """

    def __init__(self, *, lost: Callable[[], None]) -> None:
        self._lost = lost
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._awake = threading.Event()

    @property
    def pid(self) -> int | None:
        """The child's process id."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the child and return at once."""
        process = subprocess.Popen([sys.executable, "-m", MODULE], stdin=subprocess.PIPE)
        self._process = process
        for work in (self._watch, self._pass_on):
            threading.Thread(target=work, args=(process,), name=f"backstage{work.__name__}", daemon=True).start()

    def wake(self) -> None:
        """Have the child look at the queues at once."""
        self._awake.set()

    def stop(self) -> None:
        """Have the child finish what is in hand, and end it when that takes too long."""
        self._stopping.set()
        self._awake.set()
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError):
            if process.stdin:
                process.stdin.close()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _watch(self, process: "subprocess.Popen[bytes]") -> None:
        process.wait()
        if not self._stopping.is_set():
            self._lost()

    def _pass_on(self, process: "subprocess.Popen[bytes]") -> None:
        """Tell the child, but no more often than it could follow."""
        pipe = process.stdin
        while pipe and not self._stopping.wait(REST_SECONDS):
            self._awake.wait()
            self._awake.clear()
            try:
                pipe.write(WAKE)
                pipe.flush()
            except (OSError, ValueError):
                return  # the child has ended, which the watcher sees
