"""The recording of a call: both directions, aligned, handed over sealed as the call goes."""

from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

import numpy as np

SAMPLE_RATE_HZ = 8_000
_SECOND = SAMPLE_RATE_HZ * 2
_BEHIND = _SECOND * 3 // 2
"""How much audio waits before it is handed over: agent speech that the caller cuts short can still be taken back."""
_AHEAD = _SECOND * 10
"""How far the agent may be recorded ahead of a caller whose audio has stopped coming."""
OBJECTION, NOT_ANNOUNCED = "objection", "not_announced"


class Tape(Protocol):
    """What a recording is written to. Implemented by ``media.tape.SealedTape``; every method returns at once."""

    is_lost: bool

    def write(self, pcm: bytes) -> None:
        """Keep the next stereo audio."""
        ...

    def keep(self) -> None:
        """The call may be kept: who is on the line knows of it."""
        ...

    def close(self) -> None:
        """Nothing more comes."""
        ...

    def purge(self) -> None:
        """Keep nothing, of what was written neither."""
        ...


@dataclass(frozen=True, kw_only=True)
class Purged:
    """That a recording was deleted, when and why."""

    at: datetime
    because: str


class Recording:
    """Stereo, 16-bit, 8,000 Hz: the caller on the left, the agent on the right.

    Positions are seconds since the stream began. Memory holds a few seconds. Until ``announced`` nothing is kept for
    good. Used as a context manager.
    """

    def __init__(self, tape: Tape, *, name: str, is_announced: bool = False) -> None:
        self._tape = tape
        self.name = name
        self._left = bytearray()
        self._right = bytearray()
        self._written = 0
        self._is_paused = False
        self._is_announced = False
        self.purged: Purged | None = None
        if is_announced:
            self.announced()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.purged is not None:
            return
        if not self._is_announced:
            self._tape.purge()
            return
        self._hand_over(max(len(self._left), len(self._right)))
        self._tape.close()

    def kept(self, now: datetime) -> tuple[str | None, Purged | None]:
        """The recording's name if it is kept, or what became of it; for the report, at the end of the call."""
        if self._tape.is_lost:
            return None, None
        if self.purged is None and not self._is_announced:
            return None, Purged(at=now, because=NOT_ANNOUNCED)
        return (None if self.purged else self.name), self.purged

    def caller(self, pcm: bytes) -> None:
        """The caller's next audio: 16-bit little-endian mono PCM; the line never pauses, so it has no position."""
        if self.purged is None:
            self._left += bytes(len(pcm)) if self._is_paused else pcm
            self._hand_over_what_is_due()

    def agent(self, position: float, pcm: bytes) -> None:
        """The agent's audio, heard from ``position`` on."""
        if self.purged is not None or self._is_paused:
            return
        start = self._offset(position)
        if len(self._right) < start:
            self._right += bytes(start - len(self._right))
        self._right[start : start + len(pcm)] = pcm
        if len(self._right) > _AHEAD:
            self._hand_over_what_is_due()

    def cut(self, position: float) -> None:
        """Nothing of what the agent sent is heard after ``position``."""
        del self._right[self._offset(position) :]

    def pause(self) -> None:
        """From now on both are silent, until ``resume``; so is what the agent has sent that is still to be heard."""
        self._is_paused = True
        del self._right[len(self._left) :]

    def resume(self) -> None:
        """Record again, where the call is now; agent speech that was sent during the pause is left out."""
        self._is_paused = False

    def announced(self) -> None:
        """Who is on the line has heard that the call is recorded."""
        if not self._is_announced and self.purged is None:
            self._is_announced = True
            self._tape.keep()

    def purge(self, because: str, *, at: datetime) -> None:
        """Record nothing more, and delete what there is."""
        if self.purged is None:
            self.purged = Purged(at=at, because=because)
            self._left.clear()
            self._right.clear()
            self._tape.purge()

    def _offset(self, position: float) -> int:
        """Where ``position`` lies in the part that is not handed over yet, in bytes."""
        return max(int(position * SAMPLE_RATE_HZ) * 2 - self._written, 0)

    def _hand_over_what_is_due(self) -> None:
        due = max(len(self._left) - _BEHIND, len(self._right) - _AHEAD)
        if due >= _SECOND:
            self._hand_over(due)

    def _hand_over(self, count: int) -> None:
        """Hand over the first ``count`` bytes of either side; where a side has less it is silent."""
        stereo = np.zeros((count // 2, 2), dtype="<i2")
        for channel, side in enumerate((self._left, self._right)):
            part = np.frombuffer(bytes(side[:count]), dtype="<i2")
            stereo[: len(part), channel] = part
            del side[:count]
        self._tape.write(stereo.tobytes())
        self._written += count


class NoRecording:
    """What stands in for a recording when the call is not recorded."""

    name = None

    def kept(self, now: datetime) -> tuple[None, None]:
        """There is nothing."""
        return None, None

    def caller(self, pcm: bytes) -> None:
        """Nothing is kept."""

    def agent(self, position: float, pcm: bytes) -> None:
        """Nothing is kept."""

    def cut(self, position: float) -> None:
        """Nothing is kept."""

    def pause(self) -> None:
        """Nothing is kept."""

    def resume(self) -> None:
        """Nothing is kept."""

    def announced(self) -> None:
        """Nothing is kept."""

    def purge(self, because: str, *, at: datetime) -> None:
        """There is nothing."""
