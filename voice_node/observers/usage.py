"""What the call uses of the node."""

from collections import Counter, defaultdict
from decimal import Decimal

from shared.conversation.report import ReportedUsage
from shared.conversation.voice_tier import TierDecision
from shared.costs import Component, Unit


class UsageMeter:
    """Counts what speech engines are paid for; the engines report to it.

    ``voice_tiers`` is which of two voices spoke each turn, and why.
    """

    def __init__(self) -> None:
        self._speech_seconds: defaultdict[str, float] = defaultdict(float)
        self._characters: Counter[str] = Counter()
        self.voice_tiers: list[TierDecision] = []

    async def recognised(self, seconds: float, vendor: str) -> None:
        """So much speech was recognised, by the vendor's name in the price table."""
        self._speech_seconds[vendor] += seconds

    async def synthesised(self, characters: int, vendor: str) -> None:
        """A vendor was asked to speak so many characters, whether they were heard to their end or not."""
        self._characters[vendor] += characters

    def decided(self, decision: TierDecision) -> None:
        """A voice was chosen; a turn that begins anew, because what was prepared for it is not said, counts once."""
        if self.voice_tiers and self.voice_tiers[-1].turn == decision.turn:
            self.voice_tiers.pop()
        self.voice_tiers.append(decision)

    def characters(self, vendor: str) -> int:
        """What a vendor was asked to speak so far."""
        return self._characters[vendor]

    def total(self, *, stream_seconds: float, speech_to_text: str, text_to_speech: str) -> tuple[ReportedUsage, ...]:
        """All of it, by the vendors' names in the price table; the stream was open for so long.

        ``speech_to_text`` and ``text_to_speech`` are whom nothing is owed when nobody spoke.
        """
        stream = _seconds(stream_seconds)
        heard_by = self._speech_seconds or {speech_to_text: 0.0}
        characters = self._characters or {text_to_speech: 0}
        return (
            ReportedUsage(component=Component.MEDIA_STREAM, vendor="twilio", quantity=stream, unit=Unit.SECOND),
            ReportedUsage(component=Component.COMPUTE, vendor="local", quantity=stream, unit=Unit.SECOND),
            *(
                ReportedUsage(
                    component=Component.SPEECH_TO_TEXT, vendor=vendor, quantity=_seconds(seconds), unit=Unit.SECOND
                )
                for vendor, seconds in heard_by.items()
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
