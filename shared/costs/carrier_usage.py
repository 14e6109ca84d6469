"""What the carrier says that we used, to hold our books against."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from shared.kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class CarrierUsage:
    """One category of one day (UTC), as the carrier bills it. ``quantity`` is in the carrier's own unit."""

    category: str
    day: date
    count: int
    quantity: Decimal
    price: Money


class CarrierBooks(Protocol):
    """The carrier's own books. Implemented by ``adapters.twilio``."""

    def usage(self, first: date, last: date) -> Sequence[CarrierUsage]:
        """Every category of every day from ``first`` to ``last``, both included.

        Raises:
            Refused: The carrier does not show them to us.
            Unavailable: The carrier failed; the same question may be answered later.
        """
        ...

    def price_of(self, sid: str) -> Money | None:
        """What the carrier asks for connecting one call; ``None`` while it has not said so.

        Streams, machine detection and recordings of the call are billed apart.

        Raises:
            NotFound: It has no such call.
            Refused: The carrier does not show it to us.
            Unavailable: The carrier failed; the same question may be answered later.
        """
        ...
