"""The recording of a call: both directions, aligned, on disk as the call goes."""

import wave
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

SAMPLE_RATE_HZ = 8_000
WRITE_BEHIND_SECONDS = 1.5
"""How long audio waits before it is written: agent speech that the caller cuts short can still be taken back."""


class Recording:
    """A stereo WAV, 16-bit, 8,000 Hz: the caller on the left, the agent on the right.

    Positions are seconds since the stream began. Memory holds a few seconds at most. Used as a context manager.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._left = bytearray()
        self._right = bytearray()
        self._written = 0

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = wave.open(str(self.path), "wb")
        self._file.setnchannels(2)
        self._file.setsampwidth(2)
        self._file.setframerate(SAMPLE_RATE_HZ)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._write(max(len(self._left), len(self._right)) // 2)
        self._file.close()

    def caller(self, pcm: bytes) -> None:
        """The caller's next audio: 16-bit little-endian mono PCM; the line never pauses, so it has no position."""
        self._left += pcm
        waiting = len(self._left) // 2 - int(WRITE_BEHIND_SECONDS * SAMPLE_RATE_HZ)
        if waiting >= SAMPLE_RATE_HZ:
            self._write(waiting)

    def agent(self, position: float, pcm: bytes) -> None:
        """The agent's audio, heard from ``position`` on."""
        start = self._offset(position)
        if len(self._right) < start:
            self._right += bytes(start - len(self._right))
        self._right[start : start + len(pcm)] = pcm

    def cut(self, position: float) -> None:
        """Nothing of what the agent sent is heard after ``position``."""
        del self._right[self._offset(position) :]

    def _offset(self, position: float) -> int:
        """Where ``position`` lies in the part that is not written yet, in bytes."""
        return max(int(position * SAMPLE_RATE_HZ) - self._written, 0) * 2

    def _write(self, samples: int) -> None:
        stereo = np.zeros((samples, 2), dtype="<i2")
        for channel, side in enumerate((self._left, self._right)):
            part = np.frombuffer(bytes(side[: samples * 2]), dtype="<i2")
            stereo[: len(part), channel] = part
            del side[: samples * 2]
        self._file.writeframes(stereo.tobytes())
        self._written += samples


class NoRecording:
    """What stands in for a recording when the call is not recorded."""

    path = None

    def caller(self, pcm: bytes) -> None:
        """Nothing is kept."""

    def agent(self, position: float, pcm: bytes) -> None:
        """Nothing is kept."""

    def cut(self, position: float) -> None:
        """Nothing is kept."""
