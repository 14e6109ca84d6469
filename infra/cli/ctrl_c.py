"""Ctrl-C while libraries are imported and nothing runs yet: gone at once.

An exception would come out of somebody's half-made module as a traceback, or be lost: Python drops what is raised
while it tidies up behind an import.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
STOPPED = "reauto: stopped"
FRESH_LINE, SHOW_CURSOR = b"\r\x1b[K", b"\x1b[?25h"


@contextmanager
def leaving_at_once() -> Iterator[None]:
    """Inside, Ctrl-C ends the process on the spot; main thread only, and only while there is nothing to stop."""
    before = signal.signal(signal.SIGINT, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _leave(number: int, frame: FrameType | None) -> None:
    if os.isatty(2):
        os.write(2, FRESH_LINE + SHOW_CURSOR)
    os.write(2, f"{STOPPED}\n".encode())
    os._exit(INTERRUPTED)
