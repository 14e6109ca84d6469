"""What the machine under the benchmark was worth: a figure in milliseconds means little without it."""

import time
from pathlib import Path

from infra.cli.rows import Row

STAT = Path("/proc/stat")
STEAL = 7
LOOP = 1_000_000
TAKEN = "machine, processor time taken away by its host"
SPEED = "machine, a million additions"
NAMES = frozenset({TAKEN, SPEED})


class MachineWatch:
    """Counts from its making how much of the processors' time the host of a virtual machine gave to others."""

    def __init__(self) -> None:
        self._before = _ticks()

    def rows(self) -> list[Row]:
        """The share that was taken (zero where no kernel tells), and how fast one processor is now."""
        ticks = [after - before for after, before in zip(_ticks(), self._before, strict=True)]
        share = 100 * ticks[STEAL] / sum(ticks) if sum(ticks) else 0.0
        return [
            Row(name=TAKEN, value=round(share, 1), unit="%"),
            Row(name=SPEED, value=round(min(_additions() for _ in range(5)), 1), unit="ms"),
        ]


def _ticks() -> list[int]:
    if not STAT.exists():
        return [0] * (STEAL + 1)
    return [int(count) for count in STAT.read_text().split("\n", 1)[0].split()[1 : STEAL + 2]]


def _additions() -> float:
    """Milliseconds for a loop of additions."""
    began, total = time.perf_counter(), 0
    for number in range(LOOP):
        total += number
    return (time.perf_counter() - began) * 1000
