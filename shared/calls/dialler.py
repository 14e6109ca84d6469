"""What dialling needs, and what can become of it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.calls.attempt import AttemptState, CallAttempt
from shared.calls.facts import FactSource
from shared.calls.give_up import give_up
from shared.calls.horizons import Horizons
from shared.calls.pace import AccountBreaker, Pacer
from shared.calls.ports import Telephony
from shared.kernel.clock import Clock


class DialResult(StrEnum):
    """What became of the request to dial; of an attempt that ended here it is the ``end_reason``, too."""

    PLACED = "placed"
    NOT_PLANNED = "not_planned"
    NO_ROOM = "no_room"
    TOO_FAST = "too_fast"
    TOO_SLOW = "too_slow"
    HALTED = "halted"
    CLOSES_SOON = "closes_soon"
    ACCOUNT_BLOCKED = "account_blocked"
    UNKNOWN = "unknown"
    QUEUED_BY_CARRIER = "queued_by_carrier"
    TOO_LATE = "too_late"
    STALE = "stale"
    NOT_ALLOWED = "not_allowed"
    BAD_NUMBER = "bad_number"
    CARRIER_REFUSED = "carrier_refused"
    ACCOUNT_REFUSED = "account_refused"
    CARRIER_BUSY = "carrier_busy"


@dataclass(frozen=True, kw_only=True)
class Dialler:
    """What the dial needs: the facts for the last check, the telephone, and the pace of ``account``.

    ``clock`` tells how long the check took; without one, the moment that the step is given counts. ``scatter`` is
    between 0 and 1: dials that found no room come again at different moments.
    """

    sources: FactSource
    telephony: Telephony
    pacer: Pacer
    breaker: AccountBreaker
    account: str
    horizons: Horizons = field(default_factory=Horizons)
    clock: Clock | None = None
    scatter: Callable[[], float] = random.random

    def moment(self, now: datetime) -> datetime:
        """What time it is by now, ``now`` at the earliest."""
        return max(now, self.clock.now()) if self.clock else now


def end(
    attempt: CallAttempt, state: AttemptState, why: DialResult, *, sources: FactSource, now: datetime
) -> DialResult:
    """End an attempt that rang nobody; what it held is free again."""
    give_up(
        attempt,
        state,
        why=why.value,
        calls=sources.calls,
        costs=sources.costs,
        capacity=sources.capacity,
        now=now,
    )
    return why
