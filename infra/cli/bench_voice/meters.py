"""From what a caller noted to figures: each by its definition, at the wire."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from infra.cli.bench_voice.replies import is_voiced
from infra.cli.bench_voice.track import Said, Track
from infra.simulator.carrier.mulaw import FRAME_BYTES

STOPPED_TICKS = 8
"""So much silence in a row is a stop; less is a gap."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What followed one turn, which ended at ``asked_at``. ``latency_ms`` is infinite when nothing did.

    Latency: from the last speech sample sent to the first frame received that is more than silence. ``is_cut_off``:
    the agent spoke before the caller had finished. ``missing_ms`` is how long its sound ran dry before it was over.
    """

    asked_at: float
    latency_ms: float
    is_cut_off: bool
    missing_ms: float


def quantile(values: Iterable[float], share: float) -> float:
    """The value that ``share`` of all stay at or below; infinite when there are none."""
    ordered = sorted(values) or [inf]
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def greeting_ms(track: Track) -> float:
    """From the stream's first message to the first sound; infinite when there was none."""
    return (track.voiced_at[0] - track.began) * 1_000 if track.voiced_at else inf


def answers(track: Track, *, kinds: Sequence[str] = ("turn",)) -> list[Answer]:
    """The answer to each take of these kinds; a take that the end of the call overtook is left out."""
    found = []
    for place, said in enumerate(track.said):
        if said.kind not in kinds:
            continue
        following = track.said[place + 1] if place + 1 < len(track.said) else None
        until = following.onset_at if following else track.ended
        first = _first_after(track.voiced_at, said.ended_at)
        if first >= until:
            if following is None:
                continue
            first = inf
        early = _first_after(track.voiced_at, said.onset_at) <= said.ended_at
        last_tick = following.first_tick if following else len(track.heard) // FRAME_BYTES
        missing = missing_ms(track, said.last_tick + 1, last_tick)
        found.append(
            Answer(
                asked_at=said.ended_at,
                latency_ms=(first - said.ended_at) * 1_000,
                is_cut_off=early,
                missing_ms=missing,
            )
        )
    return found


def missing_ms(track: Track, first_tick: int, last_tick: int) -> float:
    """How long nothing had come to be played, between the first and the last sound of these ticks.

    Silence that was sent is no gap: an agent may pause between its sentences.
    """
    dry = track.dry[max(first_tick, 0) : last_tick]
    begin, end = dry.find(0), dry.rfind(0)
    return dry[begin:end].count(1) * 20.0


def stops_ms(track: Track) -> list[float]:
    """For each interruption: from its first speech sample to the end of the agent's sound; infinite when it went on."""
    found = []
    for said in track.said:
        if said.kind != "interruption":
            continue
        voiced = _voiced(track, said.first_tick, said.first_tick + 150)
        stop = _stop(voiced)
        found.append(inf if stop is None else (track.tick_at(said.first_tick + stop) - said.onset_at) * 1_000)
    return found


def resumed_after_ms(track: Track, said: Said, until_tick: int) -> float:
    """The longest silence before a sound from a murmur's end on, until a tick; infinite when nothing more was heard."""
    voiced = _voiced(track, said.last_tick + 1, until_tick)
    if True not in voiced:
        return inf
    longest = run = 0
    end = len(voiced) - voiced[::-1].index(True)
    for sound in voiced[:end]:
        run = 0 if sound else run + 1
        longest = max(longest, run)
    return longest * 20.0


def _stop(voiced: Sequence[bool]) -> int | None:
    """The tick from which on there is silence for a while."""
    run = 0
    for place, sound in enumerate(voiced):
        run = 0 if sound else run + 1
        if run == STOPPED_TICKS:
            return place - STOPPED_TICKS + 1
    return None


def _voiced(track: Track, first: int, last: int) -> list[bool]:
    ticks = range(max(first, 0), min(last, len(track.heard) // FRAME_BYTES))
    return [is_voiced(bytes(track.heard[tick * FRAME_BYTES : (tick + 1) * FRAME_BYTES])) for tick in ticks]


def _first_after(moments: Sequence[float], moment: float) -> float:
    place = bisect_right(moments, moment)
    return moments[place] if place < len(moments) else inf
