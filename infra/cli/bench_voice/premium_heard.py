"""What a caller hears of the two voices: who spoke, and how long the line was silent for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from infra.cli.bench_voice.heard import LAST_WORDS
from infra.cli.bench_voice.meters import answers, quantile
from infra.cli.bench_voice.premium_sound import Speaker, speakers
from infra.cli.bench_voice.replies import heard_words, is_voiced
from infra.cli.bench_voice.track import Track
from infra.simulator.carrier.mulaw import FRAME_BYTES

TICK_MS = 20.0


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One answer of a call: ``latency_ms`` until its first sound, and the longest silence between two of its sounds.

    ``is_whole``: its last word was heard. The last answer of a call is cut short by the caller and no measure of that.
    """

    latency_ms: float
    silent_ms: float
    speakers: Sequence[Speaker]
    is_whole: bool


def heard(track: Track) -> list[Heard]:
    """Every answer of a call in order, but for those that came before the caller had finished."""
    turns = [said for said in track.said if said.kind == "turn"]
    found = []
    # A turn that the call's end overtook is the last one, and has no answer.
    for place, answer in enumerate(answers(track)):
        if answer.is_cut_off:
            continue
        is_last = place + 1 == len(turns)
        until = len(track.heard) // FRAME_BYTES if is_last else turns[place + 1].first_tick
        begin = turns[place].last_tick + 1
        sound = bytes(track.heard[begin * FRAME_BYTES : until * FRAME_BYTES])
        voiced = [is_voiced(sound[start : start + FRAME_BYTES]) for start in range(0, len(sound), FRAME_BYTES)]
        found.append(
            Heard(
                latency_ms=answer.latency_ms,
                silent_ms=max(_longest_silence(voiced), answer.missing_ms),
                speakers=speakers(sound, voiced),
                is_whole=is_last or bool(LAST_WORDS & set(heard_words(sound))),
            )
        )
    return found


def gaps_ms(found: Sequence[Heard], *, normal: Sequence[Heard]) -> list[float]:
    """For each answer how much longer the line was silent, before it or in it, than it normally is."""
    latency = quantile((each.latency_ms for each in normal), 0.5)
    silent = quantile((each.silent_ms for each in normal), 0.5)
    return [max(each.latency_ms - latency, each.silent_ms - silent) for each in found]


def _longest_silence(voiced: Sequence[bool]) -> float:
    """Milliseconds, between the first and the last sound."""
    if True not in voiced:
        return 0.0
    longest = run = 0
    for is_sound in voiced[voiced.index(True) :]:
        longest = max(longest, run) if is_sound else longest
        run = 0 if is_sound else run + 1
    return longest * TICK_MS
