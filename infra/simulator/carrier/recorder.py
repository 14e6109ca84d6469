"""Both directions of a call, kept for its recording."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from infra.simulator.carrier.mulaw import FRAME_BYTES, QUIET, SAMPLE_RATE_HZ, mixed, wav_of

RecordingStatus = Literal["in-progress", "completed", "absent"]


@dataclass(kw_only=True)
class Recording:
    """One recording. Its audio is mu-law at 8,000 Hz, one track each way, of equal length."""

    sid: str
    call_sid: str
    source: str
    channels: int
    track: str
    started_at: datetime
    updated_at: datetime
    status: RecordingStatus = "in-progress"
    from_person: bytes = b""
    to_person: bytes = b""

    @property
    def duration_seconds(self) -> int:
        """Whole seconds; anything heard at all counts as one."""
        length = len(self.from_person)
        return max(1, round(length / SAMPLE_RATE_HZ)) if length else 0

    def wav(self, *, channels: int) -> bytes:
        """The file: 16-bit PCM; with two channels the person is on the first."""
        silent = b"\xff" * len(self.from_person)
        person = self.from_person if self.track != "outbound" else silent
        carrier = self.to_person if self.track != "inbound" else silent
        return wav_of((person, carrier)) if channels == 2 else wav_of((mixed(person, carrier),))


class Recorder:
    """Collects frames while the call goes on."""

    def __init__(self) -> None:
        self._from_person = bytearray()
        self._to_person = bytearray()

    def add(self, *, from_person: bytes, to_person: bytes) -> None:
        """20 ms of both directions."""
        self._from_person += from_person
        self._to_person += to_person

    def tracks(self, *, trims_silence: bool) -> tuple[bytes, bytes]:
        """From and to the person; without the silence at both ends when asked."""
        first, last = 0, len(self._from_person)
        if trims_silence:
            while first < last and self._is_silent(first):
                first += FRAME_BYTES
            while last > first and self._is_silent(last - FRAME_BYTES):
                last -= FRAME_BYTES
        return bytes(self._from_person[first:last]), bytes(self._to_person[first:last])

    def _is_silent(self, position: int) -> bool:
        both = (self._from_person, self._to_person)
        return not any(track[position : position + FRAME_BYTES].strip(QUIET) for track in both)
