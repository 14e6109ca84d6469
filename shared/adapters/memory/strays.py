"""What a crash left behind, in memory."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from shared.adapters.memory.store import MemoryStore
from shared.calls import CallAttempt
from shared.calls.gate import LOST
from shared.costs import ReservationState
from shared.leads import Lead, LeadStatus


class MemoryStrays:
    """``Strays`` in memory. Share the store with the other twins."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def unwatched(self, before: datetime, *, now: datetime, limit: int) -> Sequence[CallAttempt]:
        with self._store.lock:
            live = self._store.attempts.where("live", True)
            watched = self._told_of("reconcile") | self._told_of("dial", with_dead=False)
        late = [each for each in live if (each.dial_started_at or each.planned_at) < before]
        return _oldest([each for each in late if each.dial_deadline < now and each.id not in watched], limit)

    def unclosed(self, before: datetime, *, parts_before: datetime, limit: int) -> Sequence[CallAttempt]:
        told = self._told_of("close")

        def is_stray(attempt: CallAttempt) -> bool:
            if attempt.id in told:
                return False
            parts = self._store.reports.get(attempt.id, {})
            is_last = any(part >= attempt.recoveries or attempt.end_reason == LOST for part in parts)
            is_late = attempt.ended_at is not None and attempt.ended_at < parts_before
            return attempt.streamed_at is None or is_last or (is_late and bool(parts))

        return self._over(self._open(), before, is_stray, limit)

    def unreported(self, before: datetime, *, limit: int) -> Sequence[CallAttempt]:
        def is_stray(attempt: CallAttempt) -> bool:
            return attempt.streamed_at is not None and attempt.id not in self._store.reports

        return self._over(self._open(), before, is_stray, limit)

    def unsettled(self, before: datetime, *, limit: int) -> Sequence[CallAttempt]:
        told = self._told_of("settle")

        def is_stray(attempt: CallAttempt) -> bool:
            return attempt.id in self._store.dispositions and attempt.id not in told

        with self._store.lock:
            held = [each for each in self._store.reservations.values() if each.state is ReservationState.HELD]
            theirs = [self._store.attempts.get(each.attempt_id) for each in held]
        return self._over([each for each in theirs if each is not None], before, is_stray, limit)

    def unclaimed(self, *, limit: int) -> Sequence[Lead]:
        with self._store.lock:
            claimed = [
                lead
                for lead in self._store.leads.values()
                if lead.status in (LeadStatus.CLAIMED, LeadStatus.IN_CALL) and not self._is_held(lead)
            ]
        return claimed[:limit]

    def _told_of(self, topic: str, *, with_dead: bool = True) -> set[Any]:
        """The attempts that messages of a topic are about."""
        with self._store.lock:
            messages = [each for each in self._store.messages if each.message.topic == topic]
        return {each.message.body.get("attempt_id") for each in messages if with_dead or each.dead_at is None}

    def _is_held(self, lead: Lead) -> bool:
        theirs = self._store.attempts.where("lead", lead.id)
        return any(not each.is_over or each.id not in self._store.dispositions for each in theirs)

    def _open(self) -> list[CallAttempt]:
        """The attempts that nobody has closed."""
        with self._store.lock:
            closed = self._store.dispositions
            return [attempt for key, attempt in self._store.attempts.data.items() if key not in closed]

    def _over(
        self,
        among: Sequence[CallAttempt],
        before: datetime,
        is_stray: Callable[[CallAttempt], bool],
        limit: int,
    ) -> Sequence[CallAttempt]:
        with self._store.lock:
            over = [each for each in among if each.ended_at and each.ended_at < before]
            return _oldest([each for each in over if is_stray(each)], limit)


def _oldest(attempts: Sequence[CallAttempt], limit: int) -> Sequence[CallAttempt]:
    return sorted(attempts, key=lambda each: each.planned_at)[:limit]
