"""Who speaks: the voices of the embedded engine, for the agent and for the simulated people."""

import re
from dataclasses import dataclass

from shared.kernel.errors import Malformed

NAME_PATTERN = re.compile(r"[a-z]{2,3}(-[a-z0-9]+)*(\+[A-Za-z0-9]+)?")
SLOWEST, FASTEST = 80, 450
HIGHEST_PITCH = 99


class UnknownVoice(Malformed):
    """The engine has no voice of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"unknown eSpeak voice {name!r}; try one like 'en-us' or 'en-us+f2'")
        self.name = name


@dataclass(frozen=True, kw_only=True)
class Voice:
    """One way of speaking.

    ``name`` is eSpeak's: a language, and optionally ``+`` and a variant (``en-us+f2``).
    ``pitch`` goes from 0 to 99; 50 is the voice's own.

    Raises:
        UnknownVoice: The name cannot be one of eSpeak's.
        Malformed: The rate or the pitch is outside what eSpeak accepts.
    """

    name: str
    words_per_minute: int = 160
    pitch: int = 50

    def __post_init__(self) -> None:
        if NAME_PATTERN.fullmatch(self.name) is None:
            raise UnknownVoice(self.name)
        if not SLOWEST <= self.words_per_minute <= FASTEST:
            raise Malformed(f"words_per_minute must be {SLOWEST} to {FASTEST}, not {self.words_per_minute}")
        if not 0 <= self.pitch <= HIGHEST_PITCH:
            raise Malformed(f"pitch must be 0 to {HIGHEST_PITCH}, not {self.pitch}")


AGENT_VOICE = Voice(name="en-us+f2", words_per_minute=155, pitch=55)
"""Ava's."""

CALLER_VOICES: tuple[Voice, ...] = (
    Voice(name="en-us+f5"),
    Voice(name="en-us+klatt4"),
    Voice(name="en-us+klatt3"),
    Voice(name="en-us+benjamin"),
    Voice(name="en-us+m6"),
    Voice(name="en-us+adam"),
    Voice(name="en-us+m5"),
    Voice(name="en-us+f2", words_per_minute=165, pitch=45),
)
"""Voices that the recogniser understands over a telephone, the first ones best."""
