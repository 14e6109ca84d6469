"""What the call uses of the node."""

from collections import defaultdict
from decimal import Decimal

from shared.conversation.report import ReportedUsage
from shared.costs import Component, Unit


class UsageMeter:
    """Counts what speech engines are paid for; the engines report to it."""

    def __init__(self) -> None:
        self._speech_seconds: defaultdict[str, float] = defaultdict(float)
        self._characters = 0

    async def recognised(self, seconds: float, vendor: str) -> None:
        """So much speech was recognised, by the vendor's name in the price table."""
        self._speech_seconds[vendor] += seconds

    async def synthesised(self, characters: int) -> None:
        """A text of so many characters was synthesised, whether it was heard to its end or not."""
        self._characters += characters

    def total(self, *, stream_seconds: float, speech_to_text: str, text_to_speech: str) -> tuple[ReportedUsage, ...]:
        """All of it, by the vendors' names in the price table; the stream was open for so long.

        ``speech_to_text`` is whom nothing is owed when nobody spoke.
        """
        stream = _seconds(stream_seconds)
        heard_by = self._speech_seconds or {speech_to_text: 0.0}
        return (
            ReportedUsage(component=Component.MEDIA_STREAM, vendor="twilio", quantity=stream, unit=Unit.SECOND),
            ReportedUsage(component=Component.COMPUTE, vendor="local", quantity=stream, unit=Unit.SECOND),
            *(
                ReportedUsage(
                    component=Component.SPEECH_TO_TEXT, vendor=vendor, quantity=_seconds(seconds), unit=Unit.SECOND
                )
                for vendor, seconds in heard_by.items()
            ),
            ReportedUsage(
                component=Component.TEXT_TO_SPEECH,
                vendor=text_to_speech,
                quantity=Decimal(self._characters),
                unit=Unit.CHARACTER,
            ),
        )


def _seconds(seconds: float) -> Decimal:
    return Decimal(str(round(seconds, 3)))
