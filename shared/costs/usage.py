"""What a call used, and what each piece of it cost."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from shared.kernel.money import ZERO, Money


class Component(StrEnum):
    """A thing that costs money; one cost line each. All but look-ups of numbers belong to a call."""

    CARRIER_VOICE = "carrier_voice"
    MEDIA_STREAM = "media_stream"
    MACHINE_DETECTION = "machine_detection"
    RECORDING = "recording"
    SPEECH_TO_TEXT = "speech_to_text"
    TEXT_TO_SPEECH = "text_to_speech"
    LANGUAGE_MODEL = "language_model"
    COMPUTE = "compute"
    OVERHEAD = "overhead"
    NUMBER_LOOKUP = "number_lookup"


class Unit(StrEnum):
    """What a quantity counts."""

    MINUTE = "minute"
    SECOND = "second"
    CALL = "call"
    CHARACTER = "character"
    TOKEN = "token"  # noqa: S105 - a unit of text, not a secret
    LINE_ANSWER = "line_answer"
    HISTORY_ANSWER = "history_answer"


@dataclass(frozen=True, kw_only=True)
class Usage:
    """So much of something was used. ``vendor`` names the price row, such as ``twilio`` or ``espeak``."""

    component: Component
    vendor: str
    quantity: Decimal
    unit: Unit


@dataclass(frozen=True, kw_only=True)
class CostLine:
    """One priced usage. ``price_version`` names the dated table the price was read from."""

    component: Component
    vendor: str
    quantity: Decimal
    unit: Unit
    unit_price: Money
    amount: Money
    price_version: str


@dataclass(frozen=True, kw_only=True)
class Charge:
    """Something that the installation pays for outside any call, booked once."""

    id: str
    at: datetime
    lines: tuple[CostLine, ...]

    @property
    def amount(self) -> Money:
        """What it cost."""
        return sum((line.amount for line in self.lines), ZERO)
