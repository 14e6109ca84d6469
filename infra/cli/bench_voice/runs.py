"""One run: a crowd calls a running system for a while; what it noted, and what the system used meanwhile."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from infra.cli.bench_voice.family import processor_seconds, proportional_mb
from infra.cli.bench_voice.orders import CallOrder, CrowdOrder, Manner, write_order
from infra.cli.bench_voice.systems import Running
from infra.cli.bench_voice.track import Track, read_tracks
from infra.local import child
from infra.local.processes import python_module
from shared.kernel.errors import Unavailable

CALLERS_PER_PROCESS = 20
STAGGER_SECONDS = 0.31
"""Between the beginnings of two calls: nobody is dialled in step with anybody else."""
GRACE_SECONDS = 30.0
LOOK_SECONDS = 0.2


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """Who calls: how many at once, each for so long, in which manner."""

    calls: int
    seconds: float
    manner: Manner = "talks"
    stagger: float = STAGGER_SECONDS

    @property
    def lasts(self) -> float:
        """Seconds from the first call's begin to the last one's end."""
        return self.stagger * (self.calls - 1) + self.seconds


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A run's notes. ``processor`` seconds and ``callers_processor`` seconds are of the whole run.

    ``idle_mb`` was measured before anybody but one called, ``busy_mb`` while all calls went on.
    """

    crowd: Crowd
    tracks: Sequence[Track]
    processor: float
    callers_processor: float
    idle_mb: float
    busy_mb: float
    reports: Sequence[dict[str, object]] = field(default=())

    @property
    def call_minutes(self) -> float:
        """All calls together."""
        return sum(track.seconds for track in self.tracks) / 60


def run(
    system: Running,
    crowd: Crowd,
    *,
    folder: Path,
    corpus: Path,
    name: str,
    meanwhile: Callable[[float], None] = lambda seconds: None,
) -> Measured:
    """Have the crowd call. ``meanwhile`` is told the seconds since the callers were started, again and again.

    Raises:
        Unavailable: The callers did not finish.
    """
    orders = _orders(system, crowd, folder=folder, corpus=corpus, name=name)
    skipped = len(_reports(system.notes))
    before, began = processor_seconds(system.pids), time.monotonic()
    callers = [
        child.spawn(python_module("infra.cli.bench_voice.callers", str(order)), log=folder / f"{name}-callers.log")
        for order in orders
    ]
    busy_mb, callers_processor = 0.0, 0.0
    try:
        while any(process.poll() is None for process in callers):
            seconds = time.monotonic() - began
            if not busy_mb and seconds > crowd.lasts * 0.7:
                busy_mb = proportional_mb(system.pids)
            if seconds > crowd.lasts + GRACE_SECONDS:
                raise Unavailable(f"the callers of {name} do not finish")
            callers_processor = max(callers_processor, processor_seconds(each.pid for each in callers))
            meanwhile(seconds)
            time.sleep(LOOK_SECONDS)
    finally:
        for process in callers:
            child.stop(process, grace_seconds=1.0)
    if any(process.returncode for process in callers):
        raise Unavailable(f"the callers of {name} failed:\n{child.tail(folder / f'{name}-callers.log')}")
    tracks = [track for order in orders for track in read_tracks(order.with_suffix(".tracks"))]
    return Measured(
        crowd=crowd,
        tracks=tracks,
        processor=processor_seconds(system.pids) - before,
        callers_processor=callers_processor,
        idle_mb=system.idle_mb,
        busy_mb=busy_mb,
        reports=_reports(system.notes)[skipped:],
    )


def _orders(system: Running, crowd: Crowd, *, folder: Path, corpus: Path, name: str) -> list[Path]:
    calls = [
        CallOrder(
            url=system.address(number, f"{name}-{number}"),
            token=system.token(number, f"{name}-{number}"),
            attempt=f"{name}-{number}",
            starts=number * crowd.stagger,
            seconds=crowd.seconds,
            manner=crowd.manner,
            seed=number,
        )
        for number in range(crowd.calls)
    ]
    files = []
    for place in range(0, len(calls), CALLERS_PER_PROCESS):
        file = folder / f"{name}-{place}.json"
        some = tuple(calls[place : place + CALLERS_PER_PROCESS])
        files.append(write_order(CrowdOrder(corpus=corpus, tracks=file.with_suffix(".tracks"), calls=some), file))
    return files


def _reports(notes: Path) -> list[dict[str, object]]:
    if not notes.exists():
        return []
    return [json.loads(line) for line in notes.read_text(encoding="utf-8").splitlines()]
