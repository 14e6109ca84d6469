"""Where the calls of this machine stand: a file for each part of a call, gone once its report is home.

What a process wrote is there when it is killed; the disk is told behind the speech, so that most of it is there when
the power fails as well.
"""

import logging
import os
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from shared.kernel.errors import Malformed
from shared.kernel.ids import AttemptId

log = logging.getLogger(__name__)
_LENGTH = struct.Struct(">I")


class CallSpool:
    """Records of calls that go on, sealed by whoever writes them. A disk that fails costs them, not the calls.

    Args:
        folder: Below it every worker of the machine has a folder of its own, and reads those of the others.
        worker: Whose records are written.
    """

    def __init__(self, folder: Path, *, worker: str) -> None:
        self._folder = folder
        self._own = folder / worker
        self._files: dict[tuple[AttemptId, int], int] = {}
        self._lane = ThreadPoolExecutor(1, thread_name_prefix="call-spool")

    def put(self, call: AttemptId, part: int, record: bytes) -> None:
        """Append a record; the newest counts."""
        key = (call, part)
        try:
            if key not in self._files:
                self._own.mkdir(parents=True, exist_ok=True)
                path = self._own / _name(call, part)
                self._files[key] = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.write(self._files[key], _LENGTH.pack(len(record)) + record)
            self._lane.submit(self._flush, key)
        except OSError:
            log.exception("Where a call stands cannot be written to the disk", extra={"attempt": call})

    def get(self, call: AttemptId, part: int) -> bytes | None:
        """The newest whole record of any worker of this machine."""
        with suppress(OSError):
            for path in sorted(self._folder.glob(f"*/{_name(call, part)}"), key=_written_at, reverse=True):
                if (record := _last(path.read_bytes())) is not None:
                    return record
        return None

    def forget(self, call: AttemptId, part: int) -> None:
        """Delete what is kept of a part of a call, whoever wrote it."""
        file = self._files.pop((call, part), None)
        if file is not None:
            self._lane.submit(os.close, file)
        with suppress(OSError):
            for path in self._folder.glob(f"*/{_name(call, part)}"):
                path.unlink(missing_ok=True)

    def sweep(self, *, older_than_seconds: float) -> int:
        """Delete the records of calls that nobody came back to; returns how many there were."""
        gone = 0
        with suppress(OSError):
            for path in self._folder.glob("*/*"):
                if time.time() - _written_at(path) > older_than_seconds:
                    path.unlink(missing_ok=True)
                    gone += 1
        return gone

    def close(self) -> None:
        """Write what waits; calls must have ended."""
        self._lane.shutdown()
        for file in self._files.values():
            os.close(file)
        self._files.clear()

    def _flush(self, key: tuple[AttemptId, int]) -> None:
        file = self._files.get(key)
        if file is not None:
            with suppress(OSError):  # it was forgotten meanwhile, or the disk fails: the next record says so
                os.fsync(file)


def _name(call: AttemptId, part: int) -> str:
    if not call.replace("-", "").isalnum():
        raise Malformed("a call's id is letters, digits and dashes")
    return f"{call}.{part}"


def _written_at(path: Path) -> float:
    return path.stat().st_mtime


def _last(data: bytes) -> bytes | None:
    """The last record that is whole; a crash may have cut one off."""
    found, place = None, 0
    while place + _LENGTH.size <= len(data):
        (length,) = _LENGTH.unpack_from(data, place)
        place += _LENGTH.size
        if place + length > len(data):
            break
        found = data[place : place + length]
        place += length
    return found
