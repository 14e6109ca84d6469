"""What a killed worker costs the calls of the others."""

from math import inf

import pytest

from infra.cli.bench_voice.kill import ratio
from infra.cli.bench_voice.runs import Crowd, Measured
from infra.cli.bench_voice.track import Said, Track

KILLED_AT = 100.0


def call(latency_before: float, latency_after: float, *, dropped: bool = False) -> Track:
    """A turn ten seconds before the kill and one ten seconds after."""
    asked = [KILLED_AT - 10, KILLED_AT + 10]
    said = [
        Said(take="", kind="turn", onset_at=moment - 1, ended_at=moment, first_tick=0, last_tick=1) for moment in asked
    ]
    answered = [asked[0] + latency_before, asked[1] + latency_after]
    dropped_at = KILLED_AT if dropped else None
    return Track(attempt="a", ended=KILLED_AT + 30, said=said, voiced_at=answered, was_dropped_at=dropped_at)


def measured(*tracks: Track) -> Measured:
    crowd = Crowd(calls=len(tracks), seconds=60)
    return Measured(crowd=crowd, tracks=tracks, processor=0, callers_processor=0, idle_mb=0, busy_mb=0)


def test_the_calls_that_live_are_compared_before_and_after() -> None:
    assert ratio(measured(call(0.5, 0.6), call(0.1, 9.0, dropped=True)), KILLED_AT, 30) == pytest.approx(1.2)


def test_a_kill_that_never_came_proves_nothing() -> None:
    assert ratio(measured(call(0.5, 0.5)), None, 30) == inf
