"""Processes below this one, as Linux tells of them; elsewhere nothing is known and engines end with their pipes."""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
CAP_SYS_NICE = 1 << 23
FULL_RLIMIT_NICE = 20
"""The limit under which a process may come back to a niceness of 0."""
WARMING_NICENESS = 10


def cores() -> int:
    """How many processors we may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def adopt_orphans() -> None:
    """Become the parent of whatever a dead worker leaves behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children(pid: int) -> list[int]:
    """The processes that ``pid`` started and that live."""
    found: list[int] = []
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += [int(child) for child in (thread / "children").read_text().split()]
    return found


def kill_children_but(spared: set[int]) -> None:
    """Kill the children of this process that nobody knows: the engines of a worker that died."""
    for pid in set(children(os.getpid())) - spared:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def cpu_seconds(pid: int) -> float:
    """What a process has used of the processors so far, all its threads; 0 when it is gone."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def step_back() -> bool:
    """Give way to others while warming up, where that can be undone; whether it was done."""
    if not _may_hurry():
        return False
    os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0) + WARMING_NICENESS)
    return True


def step_forward() -> None:
    """Take back ``step_back``, for this process and the engines it has started meanwhile, thread by thread."""
    niceness = os.getpriority(os.PRIO_PROCESS, 0) - WARMING_NICENESS
    for pid in (os.getpid(), *children(os.getpid())):
        with suppress(OSError):
            for thread in Path(f"/proc/{pid}/task").iterdir():
                with suppress(ProcessLookupError):
                    os.setpriority(os.PRIO_PROCESS, int(thread.name), niceness)


def _may_hurry() -> bool:
    if sys.platform != "linux":
        return False
    if resource.getrlimit(resource.RLIMIT_NICE)[0] >= FULL_RLIMIT_NICE:
        return True
    capabilities = Path("/proc/self/status").read_text().partition("CapEff:")[2].split()[0]
    return bool(int(capabilities, 16) & CAP_SYS_NICE)
