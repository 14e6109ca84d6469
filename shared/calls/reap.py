"""Find what a crash left behind, and set it going again: nothing waits for ever."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

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
MOST_BATCHES = 10
Stray = TypeVar("Stray")


class Strays(Protocol):
    """What lies about in the books, each kind at most ``limit`` at a time, the oldest first.

    An attempt for which the message that would see to it waits, or was laid aside as dead, is none: a person has been
    told of that one.
    """

    def unwatched(self, before: datetime, *, now: datetime, limit: int) -> Sequence[CallAttempt]:
        """Attempts that are not over, dialled (or to be dialled) before then, and for which no message waits."""
        ...

    def unclosed(self, before: datetime, *, parts_before: datetime, limit: int) -> Sequence[CallAttempt]:
        """Attempts over since before then that nobody closed though nothing is missing.

        Of one that is over since before ``parts_before`` the last part of the report is waited for no longer.
        """
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
    """What reaping needs; ``batch`` is how many strays it reads at a time."""

    strays: Strays
    calls: CallRepository
    leads: LeadRepository
    horizons: Horizons = field(default_factory=Horizons)
    batch: int = BATCH


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
    reported_by = now - reaper.horizons.report_within

    def seen_to(topic: str, look: Callable[[], Sequence[CallAttempt]]) -> int:
        return _worked_off(look, lambda attempt: _is_set_going(attempt, topic, reaper), batch=reaper.batch)

    asked = seen_to("reconcile", lambda: strays.unwatched(late, now=now, limit=reaper.batch))
    closed = seen_to("close", lambda: strays.unclosed(late, parts_before=reported_by, limit=reaper.batch))
    settled = seen_to("settle", lambda: strays.unsettled(late, limit=reaper.batch))
    freed = _worked_off(
        lambda: strays.unclaimed(limit=reaper.batch), lambda lead: _is_freed(lead, reaper, now), batch=reaper.batch
    )
    unreported = strays.unreported(reported_by, limit=reaper.batch)
    if unreported:
        logger.warning("reports missing", extra={"attempts": [attempt.id for attempt in unreported]})
    return Reaped(
        asked=asked,
        closed=closed,
        settled=settled,
        freed=freed,
        unreported=tuple(attempt.id for attempt in unreported),
    )


def _worked_off(look: Callable[[], Sequence[Stray]], is_done: Callable[[Stray], bool], *, batch: int) -> int:
    """How many were seen to, batch by batch: what was seen to is not found again."""
    done = 0
    for _ in range(MOST_BATCHES):
        found = look()
        seen_to = sum(is_done(stray) for stray in found)
        done += seen_to
        if len(found) < batch or not seen_to:
            break
    return done


def _is_set_going(attempt: CallAttempt, topic: str, reaper: Reaper) -> bool:
    reaper.calls.move(attempt, NewMessage(topic=topic, body={"attempt_id": attempt.id}, group=attempt.seller_id))
    return True


def _is_freed(lead: Lead, reaper: Reaper, now: datetime) -> bool:
    """Let a lead that nobody calls wait for the next round; not if somebody calls it by now."""
    try:
        reaper.leads.save(lead.postponed_to(now), was=lead)
    except Conflict:
        return False
    logger.warning("lead freed", extra={"lead": lead.id})
    return True
