"""What went wrong in a simulated world, and what its attempts lived through."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

MOST_KEPT = 200


class Wrong(StrEnum):
    """Everything that may never happen."""

    RUNG_TWICE = "people rung twice for one attempt"
    TWO_CALLS = "two live calls to one phone"
    TWO_CONVERSATIONS = "double conversations"
    NOT_PERMITTED = "calls outside permission"
    OVERSPENT = "overspend"
    LEDGER = "ledger out of balance"
    HOLD = "reservations neither settled nor void, or both"
    UNRESOLVED = "attempts not resolved"
    UNTRUE = "attempts that differ from the carrier's truth"
    ORPHAN = "calls that no attempt knows of"
    LEAD_LOST = "leads lost"
    TOO_FAST = "calls asked for faster than the account may"
    OVER_ADMITTED = "calls beyond a worker's slots"
    BROKE = "functions that died of something unforeseen"
    INVARIANT = "invariants of the database violated"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that went wrong, with the life of the attempt it concerns."""

    wrong: Wrong
    text: str
    seed: str
    trace: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"seed {self.seed}: {self.wrong.value}: {self.text}", *(f"    {line}" for line in self.trace)]
        return "\n".join(lines)


@dataclass
class Findings:
    """Gathers what goes wrong in one world."""

    seed: str
    all: list[Finding] = field(default_factory=list)
    _traces: dict[str, list[tuple[datetime, str]]] = field(default_factory=lambda: defaultdict(list))
    _said: set[tuple[Wrong, str]] = field(default_factory=set)

    def tell(self, attempt_id: str, at: datetime, what: str) -> None:
        """Note something in the life of an attempt."""
        self._traces[attempt_id].append((at, what))

    def found(self, wrong: Wrong, text: str, *, attempt_id: str = "") -> None:
        """Something went wrong; what is said again counts once."""
        if (wrong, text) in self._said or len(self.all) >= MOST_KEPT:
            return
        self._said.add((wrong, text))
        trace = tuple(f"{at:%m-%d %H:%M:%S.%f} {what}" for at, what in self._traces.get(attempt_id, ()))
        self.all.append(Finding(wrong=wrong, text=text, seed=self.seed, trace=trace))
