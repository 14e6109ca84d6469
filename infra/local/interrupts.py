"""Ctrl-C, SIGTERM and a closed terminal as one exception that never falls into the middle of a start."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType

CAUGHT = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
AGAIN_SECONDS = 2.0
"""Python drops an exception that a signal raises in a finaliser or behind an import, so it is raised again."""


class Interrupts:
    """While entered, each caught signal raises ``KeyboardInterrupt`` in the main thread.

    Inside ``shield`` it is held back until the shield is left, so that a child is never started
    without being noted, and a shutdown never left half done. Once asked to leave it asks again and again,
    until the shutdown has begun.
    """

    def __init__(self) -> None:
        self._shields = 0
        self._held_back = False
        self._before: dict[signal.Signals, object] = {}
        self._timer_before: tuple[float, float] | None = None

    def __enter__(self) -> "Interrupts":
        """Take over the signals, but for a hang-up that ``nohup`` asked to ignore; main thread only."""
        for number in CAUGHT:
            if number is signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
                continue
            self._before[number] = signal.signal(number, self._receive)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the signals back to whoever had them."""
        self._be_quiet()
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type] # what signal.signal returned
        self._before.clear()

    @contextmanager
    def shield(self, *, forget: bool = False) -> Iterator[None]:
        """Hold signals back for the length of the block, and then raise; with ``forget`` drop them."""
        self._shields += 1
        if forget:
            self._be_quiet()
        try:
            yield
        finally:
            self._shields -= 1
        if forget:
            self._held_back = False
        elif self._held_back and not self._shields:
            self._held_back = False
            self._insist()
            raise KeyboardInterrupt

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if self._shields:
            self._held_back = True
            return
        self._insist()
        raise KeyboardInterrupt

    def _insist(self) -> None:
        """Have ``_receive`` called again, until it is quiet."""
        if self._timer_before is None:
            self._before[signal.SIGALRM] = signal.signal(signal.SIGALRM, self._receive)
            self._timer_before = signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS, AGAIN_SECONDS)

    def _be_quiet(self) -> None:
        if self._timer_before is not None:
            signal.setitimer(signal.ITIMER_REAL, *self._timer_before)
            self._timer_before = None
            signal.signal(signal.SIGALRM, self._before.pop(signal.SIGALRM))  # type: ignore[arg-type] # what signal.signal returned
