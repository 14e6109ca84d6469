"""What a caller hears of the two voices: who spoke, and how long the line was silent for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.cli.bench_voice.heard import LAST_WORDS
from infra.cli.bench_voice.meters import Answer, answers, quantile
from infra.cli.bench_voice.premium_sound import Speaker, speakers
from infra.cli.bench_voice.replies import heard_words, is_voiced
from infra.cli.bench_voice.track import Track
from infra.simulator.carrier.mulaw import FRAME_BYTES

TICK_MS = 20.0
WHOLE = LAST_WORDS | {"?"}
"""A word that is not ours is of the script, which speaks where the model is late."""
CLOCKS_SECONDS = 0.05
"""Our node counts from when the stream's first message came, the caller from when it left."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One answer of a call: its latency, and the longest silence between two of its sounds.

    ``waited_ms`` is the part of the latency that a voice can be the cause of: from when our node took the turn for
    ended. The other part, until it did, is longer for one take than for the next, whoever answers. ``is_whole``: the
    last word was heard. The last answer of a call is cut short by the caller and no measure of that.
    """

    latency_ms: float
    waited_ms: float
    silent_ms: float
    speakers: Sequence[Speaker]
    is_whole: bool


def heard(track: Track, report: Mapping[str, Any]) -> list[Heard]:
    """Every answer of a call in order, but for those that came before the caller had finished.

    ``report`` is what our node says of the call. An answer that the call's end cut before it was noted is left out.
    """
    decided = [track.began + turn["started"] - turn["latency_ms"] / 1_000 for turn in report["turns"]
               if turn["latency_ms"] is not None]  # fmt: skip
    turns = [said for said in track.said if said.kind == "turn"]
    found = []
    # A turn that the call's end overtook is the last one, and has no answer.
    for place, answer in enumerate(answers(track)):
        is_last, when = place + 1 == len(turns), _decided_at(answer, decided)
        if answer.is_cut_off or (is_last and when is None):
            continue
        until = len(track.heard) // FRAME_BYTES if is_last else turns[place + 1].first_tick
        begin = turns[place].last_tick + 1
        sound = bytes(track.heard[begin * FRAME_BYTES : until * FRAME_BYTES])
        voiced = [is_voiced(sound[start : start + FRAME_BYTES]) for start in range(0, len(sound), FRAME_BYTES)]
        found.append(
            Heard(
                latency_ms=answer.latency_ms,
                waited_ms=answer.latency_ms - (0 if when is None else (when - answer.asked_at) * 1_000),
                silent_ms=max(_longest_silence(voiced), answer.missing_ms),
                speakers=speakers(sound, voiced),
                is_whole=is_last or bool(WHOLE & set(heard_words(sound)[-1:])),
            )
        )
    return found


def gaps_ms(found: Sequence[Heard], *, normal: Sequence[Heard]) -> list[float]:
    """For each answer how much longer the line was silent, before it or in it, than it normally is."""
    waited = quantile((each.waited_ms for each in normal), 0.5)
    silent = quantile((each.silent_ms for each in normal), 0.5)
    return [max(each.waited_ms - waited, each.silent_ms - silent, 0.0) for each in found]


def _decided_at(answer: Answer, decided: Sequence[float]) -> float | None:
    """When our node took the turn for ended, as the caller counts; ``None`` when it does not say."""
    first = answer.asked_at + answer.latency_ms / 1_000
    known = [moment for moment in decided if answer.asked_at < moment < first + CLOCKS_SECONDS]
    return min(known[-1], first) if known else None


def _longest_silence(voiced: Sequence[bool]) -> float:
    """Milliseconds, between the first and the last sound."""
    if True not in voiced:
        return 0.0
    longest = run = 0
    for is_sound in voiced[voiced.index(True) :]:
        longest = max(longest, run) if is_sound else longest
        run = 0 if is_sound else run + 1
    return longest * TICK_MS
