"""What a system under test uses: processor time and memory of all its processes, by the kernel's books."""

from collections.abc import Iterable
from pathlib import Path

from infra.cli.bench_db.cpu import PROC, cpu_seconds


def processor_seconds(roots: Iterable[int]) -> float:
    """Of the processes and all that descend from them."""
    return sum(cpu_seconds(root) for root in roots)


def proportional_mb(roots: Iterable[int]) -> float:
    """Their proportional set size: memory that several share counts once, in equal parts."""
    family = {pid for root in roots for pid in _family(root)}
    return sum(_proportional_kb(pid) for pid in family) / 1_024


def _family(root: int) -> set[int]:
    found, new = {root}, {root}
    while new:
        new = {child for pid in new for child in _children(pid)} - found
        found |= new
    return found


def _children(pid: int) -> set[int]:
    found: set[int] = set()
    for task in _listed(PROC / str(pid) / "task"):
        try:
            found |= {int(child) for child in (task / "children").read_text().split()}
        except OSError:  # the thread is gone
            continue
    return found


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:  # the process is gone
        return []


def _proportional_kb(pid: int) -> int:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:  # the process is gone, or is none of ours
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
