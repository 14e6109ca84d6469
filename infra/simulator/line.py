"""The telephone line between the simulated carrier and the person it rings."""

from dataclasses import dataclass
from typing import Literal, Protocol

AnsweredBy = Literal[
    "human", "machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax", "unknown"
]


@dataclass(frozen=True, kw_only=True)
class Ring:
    """What a telephone shows while it rings. Numbers are E.164."""

    call_sid: str
    from_number: str
    to_number: str


@dataclass(frozen=True, kw_only=True)
class PickUp:
    """The telephone was picked up after ``after_seconds`` of ringing.

    ``answered_by``, ``decided_after_seconds`` after the answer, is what answering-machine detection reports.
    """

    after_seconds: float = 2.0
    answered_by: AnsweredBy = "human"
    decided_after_seconds: float = 3.0


@dataclass(frozen=True, kw_only=True)
class NoPickUp:
    """The telephone was not picked up; ``sip_code`` is what the far network answered.

    ``no-answer`` lets the telephone ring until the carrier's ring timeout.
    """

    result: Literal["busy", "no-answer", "failed"]
    after_seconds: float = 1.0
    sip_code: int = 486


class Line(Protocol):
    """One answered call, from the person's side. Audio is mu-law, 8,000 Hz, mono; 20 ms is 160 bytes.

    Once the call is over, ``hear`` returns ``None`` and the other methods do nothing.
    """

    call_sid: str

    async def hear(self) -> bytes | None:
        """The next 20 ms (160 bytes) that reach the ear, at real pace; silence is 0xFF bytes."""
        ...

    def speak(self, audio: bytes) -> None:
        """Queue audio for the mouth; it leaves at real pace, 20 ms at a time."""
        ...

    def fall_silent(self) -> None:
        """Drop whatever is queued for the mouth."""
        ...

    def is_speaking(self) -> bool:
        """Whether queued audio is still leaving the mouth."""
        ...

    def press(self, digit: str) -> None:
        """Press one key (0-9, *, #)."""
        ...

    def hang_up(self) -> None:
        """End the call from the person's side."""
        ...


class Telephone(Protocol):
    """What the carrier rings: a person, a voicemail box, a screening assistant."""

    async def ring(self, ring: Ring) -> PickUp | NoPickUp:
        """Decide at once what will happen to this ringing."""
        ...

    async def talk(self, line: Line) -> None:
        """Hold the conversation until either side hangs up; returning hangs up."""
        ...
