"""How much processor time processes have used, by the kernel's books."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def cpu_seconds(root: int) -> float:
    """What a process and all that descend from it have used, those that have ended and were collected included."""
    parents = _parents()
    family = {root}
    while True:
        more = {pid for pid, parent in parents.items() if parent in family} - family
        if not more:
            return sum(_used(pid) for pid in family)
        family |= more


def own_cpu_seconds(pid: int) -> float:
    """What the process alone has used."""
    return sum(int(field) for field in _stat(pid)[11:13]) / TICKS


def _parents() -> dict[int, int]:
    found = {}
    for entry in PROC.iterdir():
        fields = _stat(int(entry.name)) if entry.name.isdecimal() else []
        if fields:
            found[int(entry.name)] = int(fields[1])
    return found


def _used(pid: int) -> float:
    """User and system time, its own and that of its collected children."""
    return sum(int(field) for field in _stat(pid)[11:15]) / TICKS


def _stat(pid: int) -> list[str]:
    """The fields of ``/proc/<pid>/stat`` behind the name, nothing once the process is gone."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
