"""Find what a crash left behind, and set it going again: nothing waits for ever."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from shared.calls.attempt import CallAttempt
from shared.calls.horizons import Horizons
from shared.calls.ports import CallRepository
from shared.kernel.errors import Conflict
from shared.kernel.ids import AttemptId
from shared.kernel.outbox import NewMessage
from shared.leads import Lead
from shared.leads.ports import LeadRepository

logger = logging.getLogger(__name__)

BATCH = 100


class Strays(Protocol):
    """What lies about in the books, each kind at most ``limit`` at a time, the oldest first."""

    def unwatched(self, before: datetime, *, now: datetime, limit: int) -> Sequence[CallAttempt]:
        """Attempts that are not over, dialled (or to be dialled) before then, and for which no message waits."""
        ...

    def unclosed(self, before: datetime, *, limit: int) -> Sequence[CallAttempt]:
        """Attempts over since before then that nobody closed though nothing is missing."""
        ...

    def unreported(self, before: datetime, *, limit: int) -> Sequence[CallAttempt]:
        """Attempts over since before then whose report never came: they hold their lead and their number."""
        ...

    def unsettled(self, before: datetime, *, limit: int) -> Sequence[CallAttempt]:
        """Attempts closed, and over since before then, whose money is still held."""
        ...

    def unclaimed(self, *, limit: int) -> Sequence[Lead]:
        """Leads that stand as claimed though no attempt holds them."""
        ...


@dataclass(frozen=True, kw_only=True)
class Reaper:
    """What reaping needs."""

    strays: Strays
    calls: CallRepository
    leads: LeadRepository
    horizons: Horizons = field(default_factory=Horizons)


@dataclass(frozen=True, kw_only=True)
class Reaped:
    """How many were set going again, and the attempts that a person has to look at."""

    asked: int = 0
    closed: int = 0
    settled: int = 0
    freed: int = 0
    unreported: tuple[AttemptId, ...] = ()


def reap(*, reaper: Reaper, now: datetime) -> Reaped:
    """Have the carrier asked, calls closed, money settled and leads freed that a lost message or a crash left.

    A call whose report never came is only listed: it holds its lead until its node has sent it or a person releases
    it. Safe to repeat.

    Raises:
        Unavailable: The books cannot be read.
    """
    late, strays = now - reaper.horizons.stray_after, reaper.strays
    unwatched = strays.unwatched(late, now=now, limit=BATCH)
    unclosed = strays.unclosed(late, limit=BATCH)
    unsettled = strays.unsettled(late, limit=BATCH)
    for attempts, topic in ((unwatched, "reconcile"), (unclosed, "close"), (unsettled, "settle")):
        for attempt in attempts:
            message = NewMessage(topic=topic, body={"attempt_id": attempt.id}, group=attempt.seller_id)
            reaper.calls.move(attempt, message)
    freed = sum(_is_freed(lead, reaper, now) for lead in strays.unclaimed(limit=BATCH))
    unreported = strays.unreported(now - reaper.horizons.report_within, limit=BATCH)
    if unreported:
        logger.warning("reports missing", extra={"attempts": [attempt.id for attempt in unreported]})
    return Reaped(
        asked=len(unwatched),
        closed=len(unclosed),
        settled=len(unsettled),
        freed=freed,
        unreported=tuple(attempt.id for attempt in unreported),
    )


def _is_freed(lead: Lead, reaper: Reaper, now: datetime) -> bool:
    """Let a lead that nobody calls wait for the next round; not if somebody calls it by now."""
    try:
        reaper.leads.save(lead.postponed_to(now))
    except Conflict:
        return False
    logger.warning("lead freed", extra={"lead": lead.id})
    return True
