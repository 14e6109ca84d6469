"""What the networks know of a number: the kind of line behind it, and whether it changed hands."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

FRESH_FOR = timedelta(days=30)
"""How long an answer about a number counts, and our own knowledge of whose it is."""


class LineType(StrEnum):
    """What kind of line a number leads to."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    FIXED_VOIP = "fixed_voip"
    NON_FIXED_VOIP = "non_fixed_voip"
    TOLL_FREE = "toll_free"
    PREMIUM = "premium"
    PAGER = "pager"
    VOICEMAIL = "voicemail"
    UNKNOWN = "unknown"


class Reassigned(StrEnum):
    """What the Reassigned Numbers Database answers; nothing but a plain no speaks for a call."""

    NO = "no"
    YES = "yes"
    NO_DATA = "no_data"


@dataclass(frozen=True, kw_only=True)
class NumberCheck:
    """One answer about a number (E.164).

    ``reassigned`` says whether it changed hands since ``asked_since``, the day on which we last knew whose it was;
    both are ``None`` when only the line was asked for. A question that was refused has no answer.
    """

    phone: str
    checked_at: datetime
    line_type: LineType
    carrier_name: str = ""
    reassigned: Reassigned | None = None
    asked_since: date | None = None

    @property
    def is_refused(self) -> bool:
        """Whether it was asked for in vain if it changed hands: nothing is known, not even that nobody knows."""
        return self.asked_since is not None and self.reassigned is None


class NumberLookup(Protocol):
    """Something that knows of numbers. Implemented by ``adapters.twilio``; an answer costs money."""

    def look_up(self, phone: str, *, last_verified: date | None) -> NumberCheck:
        """What is known of the number now; with ``last_verified``, whether it changed hands since that day, too.

        Raises:
            Unavailable: No answer now; the same question may be asked later.
            Refused: The question was refused because of the number, such as one that cannot be.
        """
        ...


class NumberCheckRepository(Protocol):
    """Where answers about numbers are kept, all of them."""

    def add(self, check: NumberCheck) -> None:
        """Keep an answer. Safe to repeat."""
        ...

    def of_phone(self, phone: str) -> NumberCheck | None:
        """The newest answer about the number, if it was ever asked for."""
        ...
