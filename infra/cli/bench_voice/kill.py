"""Part ``kill``: one worker dies with its calls; those of the others must not notice."""

import os
import signal
import time
from collections.abc import Sequence
from math import isfinite

from infra.cli.bench_voice.bench import Bench
from infra.cli.bench_voice.delays import REALISTIC
from infra.cli.bench_voice.figures import row
from infra.cli.bench_voice.meters import Answer, answers, quantile
from infra.cli.bench_voice.runs import STAGGER_SECONDS, Crowd, Measured
from infra.cli.bench_voice.systems import OURS, Running
from infra.cli.rows import Row

CALLS, REPEATS = 20, 5
STRETCH_SECONDS = 30.0
LEAD_SECONDS = 5.0
MOST_GROWTH = 1.15


class Killer:
    """Kills the first worker once, when the time has come; ``at`` is when that was."""

    def __init__(self, system: Running, *, after_seconds: float) -> None:
        self._system = system
        self._after_seconds = after_seconds
        self.at: float | None = None

    def __call__(self, seconds: float) -> None:
        """So many seconds have passed."""
        if self.at is None and seconds >= self._after_seconds:
            self.at = time.monotonic()
            os.kill(self._system.health()["workers"][0]["pid"], signal.SIGKILL)


def kill_rows(bench: Bench) -> list[Row]:
    """The calls of the workers that live, in the stretch before and in the one after; the worst repeat counts."""
    if OURS.places < 2:
        return []
    ratios = [_once(bench) for _ in range(REPEATS)]
    name = "worker killed: p95 of the other calls after, of before"
    return [row(name, max(ratios), "ratio", bar=MOST_GROWTH)]


def _once(bench: Bench) -> float:
    stretch = STRETCH_SECONDS * bench.scale
    crowd = Crowd(calls=CALLS, seconds=CALLS * STAGGER_SECONDS + LEAD_SECONDS + 2 * STRETCH_SECONDS)
    with bench.system(OURS, REALISTIC) as system:
        killer = Killer(system, after_seconds=crowd.stagger * CALLS + LEAD_SECONDS + stretch)
        measured = bench.crowd(system, crowd, meanwhile=killer)
    return ratio(measured, killer.at, stretch)


def ratio(measured: Measured, killed_at: float | None, stretch: float) -> float:
    """The p95 after over the p95 before, of calls that were not dropped."""
    if killed_at is None:
        return float("inf")
    living = [track for track in measured.tracks if track.was_dropped_at is None and not track.was_refused]
    found = [answer for track in living for answer in answers(track)]
    before = _p95([each for each in found if killed_at - stretch <= each.asked_at < killed_at])
    after = _p95([each for each in found if killed_at <= each.asked_at < killed_at + stretch])
    return after / before if isfinite(before) and before else float("inf")


def _p95(found: Sequence[Answer]) -> float:
    return quantile((each.latency_ms for each in found), 0.95)
