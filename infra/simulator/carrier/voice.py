"""The voice that reads ``<Say>`` aloud."""

from typing import Protocol

from infra.simulator.carrier.mulaw import silence

SILENT_SECONDS_PER_LETTER = 0.06


class Voice(Protocol):
    """Turns words into sound."""

    async def speak(self, text: str) -> bytes:
        """Mu-law, 8,000 Hz, mono, without a header."""
        ...


class SilentVoice:
    """Keeps quiet for as long as the words would take."""

    async def speak(self, text: str) -> bytes:
        """Silence."""
        return silence(len(text) * SILENT_SECONDS_PER_LETTER)
