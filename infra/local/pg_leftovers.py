"""What a killed run leaves on PostgreSQL's data: a server that still runs, or the note of one that does not."""

import os
import signal
import subprocess
import time
from pathlib import Path

from shared.kernel.errors import Unavailable

FAST_SHUTDOWN_SECONDS = 10.0
POLL_SECONDS = 0.05


def clear_leftovers(data: Path) -> None:
    """End a server that still runs on ``data``, and correct a note that names a process it is not.

    Raises:
        Unavailable: The server runs and cannot be ended.
    """
    for urge in (signal.SIGINT, signal.SIGQUIT):
        pid = _noted_pid(data)
        if pid is None or not _serves(pid, data):
            break
        try:
            os.kill(pid, urge)
        except PermissionError as error:
            raise Unavailable(f"another user's PostgreSQL (process {pid}) runs on {data}: stop it") from error
        except ProcessLookupError:
            break
        _wait_until_gone(pid, data)
    else:
        raise Unavailable(f"an old PostgreSQL (process {_noted_pid(data)}) still runs on {data}: stop it")
    _disown_note(data)


def _noted_pid(data: Path) -> int | None:
    """The process named in ``postmaster.pid``."""
    try:
        first = (data / "postmaster.pid").read_text().split("\n", 1)[0]
        return abs(int(first))
    except (FileNotFoundError, ValueError):
        return None


def _serves(pid: int, data: Path) -> bool:
    """Whether process ``pid`` is a PostgreSQL on ``data``; one that ended uncollected has no command line."""
    proc = Path(f"/proc/{pid}/cmdline")
    if proc.parent.parent.joinpath("self").exists():
        try:
            return str(data).encode() in proc.read_bytes().split(b"\0")
        except OSError:
            return False
    listed = subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True, check=False)  # noqa: S607
    return str(data) in listed.stdout


def _wait_until_gone(pid: int, data: Path) -> None:
    deadline = time.monotonic() + FAST_SHUTDOWN_SECONDS
    while time.monotonic() < deadline and _serves(pid, data):
        time.sleep(POLL_SECONDS)


def _disown_note(data: Path) -> None:
    """Put our own process id into a note whose process is not a server on ``data``.

    The server refuses to start while the noted process lives, whatever that process is, but takes a
    note of its parent's id for stale. The rest of the note stays: by it the server finds out whether
    children of the old one still use the shared memory.
    """
    note = data / "postmaster.pid"
    pid = _noted_pid(data)
    if pid is None or _serves(pid, data):
        return
    _, _, rest = note.read_text().partition("\n")
    note.write_text(f"{os.getpid()}\n{rest}")
