"""Our own rules for turns over a whole sound, where the sound's own time is the only clock.

It runs as fast as it can be computed, comes to the same end on every machine, and asks no call, line or pipeline.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voice_node.processors.ear import PRE_ROLL_BYTES
from voice_node.turns.end_of_turn import LONGEST_BYTES, probability_of, shared_session
from voice_node.turns.endings import Expected
from voice_node.turns.open_turn import OpenTurn
from voice_node.turns.voice_activity import SAMPLE_RATE_HZ, WINDOW_SAMPLES, Sound, VoiceActivity

VERDICT_SECONDS = 0.06
"""What a verdict of the turn model takes."""

Judge = Callable[[bytes], float]
"""How likely speech is over, 0 to 1: 16-bit mono PCM at 8,000 Hz."""
Pace = Callable[[float], Awaitable[None]]
"""Awaited before a window with the second of the sound at which it ends."""


class Listener(Protocol):
    """What makes words of the sound. ``end`` is the sample at which the sound given so far ends."""

    def begin(self, before: bytes, end: int) -> None:
        """Somebody speaks; ``before`` is the sound from before that was sure."""
        ...

    def hear(self, pcm: bytes, end: int) -> str:
        """More of it; the words so far that are not final yet, ``""`` when nothing is known before the end."""
        ...

    async def finish(self, end: int) -> str:
        """They have paused; the words since ``begin`` or the last ``finish``."""
        ...


@dataclass(frozen=True, kw_only=True)
class HeardTurn:
    """One turn: its words, the second in which it began and the one in which it was taken for ended."""

    text: str
    started: float
    ended: float


def by_ear(pcm: bytes) -> float:
    """The bundled turn model's verdict on its last eight seconds."""
    return probability_of(shared_session(), pcm[-LONGEST_BYTES:])


async def turns_of(
    samples: NDArray[np.int16],
    listener: Listener,
    *,
    expected: Expected = Expected.ANYTHING,
    judge: Judge | None = by_ear,
    pace: Pace | None = None,
) -> AsyncIterator[HeardTurn]:
    """Every turn of the sound, the last one ended by the sound's end if need be.

    Args:
        samples: 16-bit mono at 8,000 Hz.
        listener: What hears the words.
        expected: What kind of answer the question before asks for.
        judge: The turn model; without it words and silence alone decide.
        pace: What slows the sound down, to real time for one.
    """
    hearing = _Hearing(listener, expected, judge)
    for end in range(WINDOW_SAMPLES, len(samples) + 1, WINDOW_SAMPLES):
        if pace is not None:
            await pace(end / SAMPLE_RATE_HZ)
        if (turn := await hearing.window(samples, end)) is not None:
            yield turn
    if (turn := await hearing.last(len(samples))) is not None:
        yield turn


class _Hearing:
    """The open turn, if there is one, and everything that is told of it."""

    def __init__(self, listener: Listener, expected: Expected, judge: Judge | None) -> None:
        self._listener, self._expected, self._judge = listener, expected, judge
        self._activity = VoiceActivity()
        self._before = bytearray()
        self._turn: OpenTurn | None = None
        self._interim = ""
        self._due: list[tuple[float, int, float]] = []

    async def window(self, samples: NDArray[np.int16], end: int) -> HeardTurn | None:
        """Take the window that ends at ``end``; the turn that ends with it."""
        at, pcm = end / SAMPLE_RATE_HZ, samples[end - WINDOW_SAMPLES : end].tobytes()
        was_talking = self._activity.is_talking
        if not was_talking:
            self._before += pcm
            del self._before[:-PRE_ROLL_BYTES]
        for sound in self._activity.hear(pcm):
            self._sounds(sound, at, end)
        turn = self._turn
        if turn is None:
            return None
        if was_talking and (text := self._listener.hear(pcm, end)) != self._interim:
            self._interim = text
            turn.words(text, is_final=False)
        self._tell_verdicts(turn, at)
        if self._judge is not None and turn.wants_verdict():
            heard = samples[max(end - LONGEST_BYTES // 2, 0) : end].tobytes()
            self._due.append((at + VERDICT_SECONDS, turn.pauses, self._judge(heard)))
        if turn.wants_stop():
            await self._finish(turn, end)
        return self._over(turn, at) if turn.is_over else None

    async def last(self, end: int) -> HeardTurn | None:
        """The sound is over; the turn that was still open."""
        turn = self._turn
        if turn is None:
            return None
        if self._activity.is_talking:
            await self._finish(turn, end)
        return self._over(turn, end / SAMPLE_RATE_HZ)

    def _sounds(self, sound: Sound, at: float, end: int) -> None:
        if sound is Sound.STARTED:
            before, self._before = bytes(self._before), bytearray()
            self._listener.begin(before, end)
        if self._turn is None:
            if sound is Sound.STARTED:
                self._turn = OpenTurn(at, expected=self._expected)
        elif sound in (Sound.STARTED, Sound.RESUMED):
            self._turn.goes_on()
        elif sound is Sound.QUIET:
            self._turn.quiet()

    def _tell_verdicts(self, turn: OpenTurn, at: float) -> None:
        for due, pauses, probability in self._due:
            if due <= at and pauses == turn.pauses:
                turn.sounds_over(probability)
        self._due = [each for each in self._due if each[0] > at]

    async def _finish(self, turn: OpenTurn, end: int) -> None:
        self._activity.over()
        self._interim = ""
        if text := await self._listener.finish(end):
            turn.words(text, is_final=True)

    def _over(self, turn: OpenTurn, at: float) -> HeardTurn:
        self._turn, self._due = None, []
        return HeardTurn(text=turn.text, started=turn.started, ended=at)
