"""A recording on its way to the disk: sealed and written by a thread of its own, never by the loop."""

import logging
import os
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import BinaryIO

from shared.adapters.recordings.seal import Sealer
from voice_node.media.shelf import KEPT, UNHEARD, WHOLE

log = logging.getLogger(__name__)
MOST_WAITING = 30
"""So many seconds of audio may wait for a disk; then the recording is given up, not the memory."""


class SealedTape:
    """``Tape`` over one file, encrypted from its first byte.

    A disk that fails costs the recording, never the call: the file is deleted as far as it goes, and ``is_lost`` says
    so. ``lane`` runs one thing after the other, in the order of asking.
    """

    def __init__(self, path: Path, *, sealer: Sealer, lane: Executor) -> None:
        """Begin the file; ``path`` is what it is called once it is whole."""
        self.is_lost = False
        self._path = path
        self._now_at = path.with_suffix(UNHEARD)
        self._sealer = sealer
        self._lane = lane
        self._file: BinaryIO | None = None
        self._handed_over = 0
        self._written = 0
        lane.submit(self._safely, self._begin)

    def write(self, pcm: bytes) -> None:
        """Have the next stereo audio sealed and written."""
        if self.is_lost:
            return
        if self._handed_over - self._written >= MOST_WAITING:
            log.error("A recording is given up: the disk does not keep up", extra={"recording": self._path.name})
            self.is_lost = True
            self.purge()
            return
        self._handed_over += 1
        self._lane.submit(self._safely, partial(self._append, pcm))

    def keep(self) -> None:
        """Mark the file as one that may be kept."""
        self._lane.submit(self._safely, partial(self._move, KEPT))

    def close(self) -> None:
        """Seal the end."""
        self._lane.submit(self._safely, self._finish)

    def purge(self) -> None:
        """Delete the file."""
        self._lane.submit(self._delete)

    def _safely(self, work: Callable[[], None]) -> None:
        if self.is_lost:
            return
        try:
            work()
        except OSError:
            log.exception("A recording is lost: the disk does not take it", extra={"recording": self._path.name})
            self.is_lost = True
            self._delete()

    def _begin(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # Unbuffered: what a crash leaves on the disk is whole pieces.
        self._file = open(self._now_at, "xb", buffering=0, opener=_private)  # noqa: SIM115 - closed at the end
        self._file.write(self._sealer.header)

    def _append(self, pcm: bytes) -> None:
        self._written += 1
        if self._file is not None:
            self._file.write(self._sealer.seal(pcm))

    def _move(self, suffix: str) -> None:
        if self._file is not None:
            self._now_at = self._now_at.rename(self._path.with_suffix(suffix))

    def _finish(self) -> None:
        if self._file is not None:
            self._file.write(self._sealer.seal(b"", is_last=True))
            os.fsync(self._file.fileno())
            self._file.close()
            self._move(WHOLE)
            self._file = None

    def _delete(self) -> None:
        file, self._file = self._file, None
        try:
            if file is not None:
                file.close()
            self._now_at.unlink(missing_ok=True)
        except OSError:
            log.exception("A recording cannot be deleted", extra={"recording": self._path.name})


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
