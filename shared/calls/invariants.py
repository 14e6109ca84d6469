"""What must always hold, whatever crashed: asked of the live books, not only in tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

INVARIANTS: Mapping[str, str] = {
    "I1": "no phone is rung by two live attempts",
    "I2": "no two attempts share a call of the carrier",
    "I4": "nobody is dialled without permission, after the deadline, or in a campaign that does not run",
    "I4b": "nobody is dialled whose number was suppressed before",
    "I5": "an attempt older than five minutes is over, or in conversation",
    "I6": "state and facts of an attempt agree",
    "I7": "every ledger transaction sums to zero, and every budget equals its entries",
    "I8": "no budget holds more than its limit",
    "I9": "each attempt has one reservation, settled or void soon after its end",
    "I10": "no message waits for longer than a minute beyond its time",
    "I12": "each conversation has its report",
    "I14": "no lead is rung more often than its campaign allows",
    "I15": "attempt, lead and campaign belong to one seller",
    "I16": "no call is connected again more often than twice",
    "I18": "no message lies among the dead letters",
    "L1": "a lead that is claimed has an attempt that holds it",
    "L2": "nobody waits for a call who has opted out",
}
"""I3, I11 and I17 ask the carrier, the workers and the CRM, not the books; I13 the database keeps by a key."""


@dataclass(frozen=True, kw_only=True)
class Violation:
    """An invariant that does not hold; ``ids`` are those of the rows, at most ``MOST_IDS`` of them."""

    invariant: str
    ids: tuple[str, ...]

    @property
    def meaning(self) -> str:
        """What should hold."""
        return INVARIANTS[self.invariant]


class Invariants(Protocol):
    """The books, asked whether they are in order."""

    def violations(self, now: datetime, *, look_back: timedelta | None = None) -> Sequence[Violation]:
        """What does not hold at ``now``; ``look_back`` bounds how old the calls are that are looked at.

        Raises:
            Unavailable: The books cannot be read.
        """
        ...
