"""What our node says of a call, beside what its caller heard."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, cast

from infra.cli.bench_voice.meters import resumed_after_ms
from infra.cli.bench_voice.replies import REPLIES, heard_words, words_of
from infra.cli.bench_voice.runs import Measured
from infra.cli.bench_voice.track import Track
from infra.simulator.carrier.mulaw import FRAME_BYTES

LAST_WORDS = frozenset(words_of(reply)[-1] for reply in REPLIES)


def decision_ms(measured: Measured) -> list[float]:
    """For every answer of our node: from the moment it took the turn for ended to the first sound it wrote."""
    found = (turn["latency_ms"] for report in measured.reports for turn in _turns(report))
    return [float(latency) for latency in found if latency is not None]


def words_off(measured: Measured) -> list[int]:
    """For each answer that was cut short: by how many words the node's notes differ from what was heard."""
    reports = {str(report["attempt_id"]): report for report in measured.reports}
    return [off for track in measured.tracks if track.attempt in reports for off in _off(track, reports[track.attempt])]


def murmurs(measured: Measured) -> Iterator[tuple[bool, float]]:
    """For each murmur or noise: whether the answer was heard to its end, and the longest silence in the rest of it."""
    for track in measured.tracks:
        for place, said in enumerate(track.said[:-1]):
            following = track.said[place + 1]
            if said.kind in ("murmur", "noise") and following.kind == "turn":
                words = _words(track, said.first_tick, following.first_tick)
                yield bool(LAST_WORDS & set(words)), resumed_after_ms(track, said, following.first_tick)


def _off(track: Track, report: Mapping[str, Any]) -> list[int]:
    notes = [turn for turn in _turns(report) if turn["speaker"] == "agent"]
    found = []
    for said, broken in pairwise(track.said):
        if said.kind != "turn" or broken.kind != "interruption":
            continue
        begin, end = said.ended_at - track.began, broken.onset_at - track.began
        note = " ".join(turn["text"] for turn in notes if begin < turn["started"] < end)
        heard = _words(track, said.last_tick + 1, broken.last_tick)
        found.append(abs(len(words_of(note)) - len(heard)))
    return found


def _words(track: Track, first: int, last: int) -> list[str]:
    return heard_words(bytes(track.heard[first * FRAME_BYTES : last * FRAME_BYTES]))


def _turns(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    return cast(list[dict[str, Any]], report["turns"])
