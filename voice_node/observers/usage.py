"""What the call uses of the node."""

from collections import Counter
from decimal import Decimal

from shared.conversation.report import ReportedUsage
from shared.conversation.voice_tier import TierDecision
from shared.costs import Component, Unit


class UsageMeter:
    """Counts what speech engines are paid for; the engines report to it.

    ``voice_tiers`` is which of two voices spoke each turn, and why.
    """

    def __init__(self) -> None:
        self._speech_seconds = 0.0
        self._characters: Counter[str] = Counter()
        self.voice_tiers: list[TierDecision] = []

    async def recognised(self, seconds: float) -> None:
        """So much speech was recognised."""
        self._speech_seconds += seconds

    async def synthesised(self, characters: int, vendor: str) -> None:
        """A vendor was asked to speak so many characters, whether they were heard to their end or not."""
        self._characters[vendor] += characters

    def characters(self, vendor: str) -> int:
        """What a vendor was asked to speak so far."""
        return self._characters[vendor]

    def total(self, *, stream_seconds: float, speech_to_text: str, text_to_speech: str) -> tuple[ReportedUsage, ...]:
        """All of it, by the vendors' names in the price table; the stream was open for so long.

        ``text_to_speech`` is the vendor that speaks when nothing else is said: it has a line, if only of nothing.
        """
        stream = _seconds(stream_seconds)
        characters = self._characters or {text_to_speech: 0}
        return (
            ReportedUsage(component=Component.MEDIA_STREAM, vendor="twilio", quantity=stream, unit=Unit.SECOND),
            ReportedUsage(component=Component.COMPUTE, vendor="local", quantity=stream, unit=Unit.SECOND),
            ReportedUsage(
                component=Component.SPEECH_TO_TEXT,
                vendor=speech_to_text,
                quantity=_seconds(self._speech_seconds),
                unit=Unit.SECOND,
            ),
            *(
                ReportedUsage(
                    component=Component.TEXT_TO_SPEECH,
                    vendor=vendor,
                    quantity=Decimal(quantity),
                    unit=Unit.CHARACTER,
                )
                for vendor, quantity in sorted(characters.items())
            ),
        )


def _seconds(seconds: float) -> Decimal:
    return Decimal(str(round(seconds, 3)))
