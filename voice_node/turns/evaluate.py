"""How turn taking does on labelled pauses, beside a plain bot: turns cut off, and how long an answer is waited for."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from math import inf
from statistics import median

import numpy as np
from numpy.typing import NDArray
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADState

from voice_node.turns.end_of_turn import LONGEST_BYTES
from voice_node.turns.in_sound_time import VERDICT_SECONDS, by_ear, turns_of
from voice_node.turns.labelled_pauses import PAUSE_SECONDS, SplitTurn
from voice_node.turns.voice_activity import SAMPLE_RATE_HZ, WINDOW_SAMPLES

PLAIN_FALLBACK_SECONDS, PLAIN_SURE = 3.0, 0.5
ANSWERED_WITHIN_SECONDS = 1.0
"""A turn whose end was not noticed for longer than this counts as not noticed."""
_LEAD_SECONDS, _TAIL_SECONDS, _NOISE, _SILENT = 0.5, 4.0, 15.0, 150

Speak = Callable[[str], bytes]
Decide = Callable[["Spoken"], Awaitable[float | None]]


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """One turn as sound: 16-bit samples at 8,000 Hz, where each of its pieces ends, and the words heard of each."""

    turn: SplitTurn
    samples: NDArray[np.int16]
    ends: tuple[int, ...]
    heard: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """When the caller is done."""
        return self.ends[-1] / SAMPLE_RATE_HZ

    def text_until(self, sample: int) -> str:
        """What has been understood by ``sample``."""
        return " ".join(text for text, end in zip(self.heard, self.ends, strict=True) if end <= sample and text)


@dataclass(frozen=True, kw_only=True)
class PauseScore:
    """``cut_offs`` turns of so many were ended early; the others were waited for so long (s), infinitely when never.

    The decision that is scored is "this turn is over"; there is at most one in each turn.
    """

    turns: int
    cut_offs: int
    waits: tuple[float, ...]

    @property
    def median_wait(self) -> float:
        """The middle one of the waits, in seconds."""
        return median(self.waits)

    @property
    def precision(self) -> float:
        """The share of decisions that were right: the caller had finished. 0.0 when nothing was decided."""
        right = sum(wait < inf for wait in self.waits)
        return right / (right + self.cut_offs) if right + self.cut_offs else 0.0

    @property
    def recall(self) -> float:
        """The share of turns whose end was noticed, and within ``ANSWERED_WITHIN_SECONDS``."""
        return sum(wait <= ANSWERED_WITHIN_SECONDS for wait in self.waits) / self.turns if self.turns else 0.0


async def score(turns: Iterable[Spoken], decide: Decide) -> PauseScore:
    """How ``decide`` does, which gives the second at which it takes a turn for ended, if ever."""
    late = []
    for each in turns:
        ended = await decide(each)
        late.append(inf if ended is None else ended - each.seconds)
    waits = tuple(seconds for seconds in late if seconds >= 0)
    return PauseScore(turns=len(late), cut_offs=len(late) - len(waits), waits=waits)


def spoken_turn(turn: SplitTurn, speak: Speak, *, seed: int, heard: Callable[[str], str] = str) -> Spoken:
    """The turn's pieces as ``speak`` says them (16-bit PCM at 8,000 Hz), with pauses between, over a little noise.

    ``heard`` gives the words that are understood of a piece: all of them, unless it is told.
    """
    random = np.random.default_rng(seed)
    parts: list[NDArray[np.int16]] = [np.zeros(int(_LEAD_SECONDS * SAMPLE_RATE_HZ), np.int16)]
    ends = []
    for number, piece in enumerate(turn.pieces):
        samples = np.frombuffer(speak(piece), "<i2")
        loud = np.nonzero(np.abs(samples.astype(np.int32)) > _SILENT)[0]
        parts.append(samples[loud[0] : loud[-1] + 1])
        ends.append(sum(map(len, parts)))
        is_last = number == len(turn.pieces) - 1
        pause = _TAIL_SECONDS if is_last else PAUSE_SECONDS[(seed + number) % len(PAUSE_SECONDS)]
        parts.append(np.zeros(int(pause * SAMPLE_RATE_HZ), np.int16))
    sound = np.concatenate(parts)
    noisy = sound + random.normal(0, _NOISE, len(sound))
    return Spoken(
        turn=turn,
        samples=np.clip(noisy, -32_768, 32_767).astype("<i2"),
        ends=tuple(ends),
        heard=tuple(heard(piece) for piece in turn.pieces),
    )


class WordsAtOnce:
    """``Listener`` that has the words of a piece the moment it was said."""

    def __init__(self, spoken: Spoken) -> None:
        self._spoken = spoken
        self._known = ""

    def begin(self, before: bytes, end: int) -> None:
        """Nothing is heard: the words are known."""

    def hear(self, pcm: bytes, end: int) -> str:
        """The words that are not final yet."""
        return self._spoken.text_until(end)[len(self._known) :].strip()

    async def finish(self, end: int) -> str:
        """The words since the last time."""
        new, self._known = self.hear(b"", end), self._spoken.text_until(end)
        return new


async def our_end(spoken: Spoken) -> float | None:
    """When our own rules end the turn, in seconds from its start; the words are there at once."""
    async for turn in turns_of(spoken.samples, WordsAtOnce(spoken), expected=spoken.turn.expected):
        is_forced = turn.ended >= len(spoken.samples) / SAMPLE_RATE_HZ
        return None if is_forced else turn.ended
    return None


async def plain_end(spoken: Spoken) -> float | None:
    """When a plain Pipecat bot ends the turn: its voice detector and the smart-turn model with their defaults."""
    analyzer = SileroVADAnalyzer(sample_rate=SAMPLE_RATE_HZ)
    analyzer.set_sample_rate(SAMPLE_RATE_HZ)
    before, silent_since = VADState.QUIET, None
    for end in range(WINDOW_SAMPLES, len(spoken.samples) + 1, WINDOW_SAMPLES):
        at = end / SAMPLE_RATE_HZ
        state = analyzer._run_analyzer(spoken.samples[end - WINDOW_SAMPLES : end].tobytes())
        if state is VADState.QUIET and before in (VADState.SPEAKING, VADState.STOPPING):
            if by_ear(spoken.samples[max(end - LONGEST_BYTES // 2, 0) : end].tobytes()) > PLAIN_SURE:
                return at + VERDICT_SECONDS
            silent_since = at - analyzer.params.stop_secs
        elif state is VADState.SPEAKING:
            silent_since = None
        before = state
        if silent_since is not None and at - silent_since >= PLAIN_FALLBACK_SECONDS:
            return at
    return None
