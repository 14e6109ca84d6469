"""Scores in memory: every one that was given, and what came of the calls."""

from collections.abc import Sequence
from itertools import groupby

from shared.adapters.memory.store import MemoryStore
from shared.appointments import Appointment, AppointmentStatus
from shared.calls import CallAttempt
from shared.conversation.score_history import GivenScore
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId
from shared.reports.cost_report import QUALIFIED
from shared.reports.score_report import ScoreCount, ScoreQuery

GONE = frozenset({AppointmentStatus.MISSED, AppointmentStatus.CANCELLED})


class MemoryScoreBook:
    """``ScoreBook`` and ``ScoreOutcomes`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def add(self, given: GivenScore) -> None:
        with self._store.lock:
            if given.attempt_id not in self._store.attempts:
                raise NotFound(f"no call {given.attempt_id}")
            self._store.scores.setdefault((given.attempt_id, given.source), given)

    def of_call(self, attempt_id: AttemptId) -> tuple[GivenScore, ...]:
        with self._store.lock:
            theirs = [each for each in self._store.scores.values() if each.attempt_id == attempt_id]
        return tuple(sorted(theirs, key=lambda each: (each.at, each.source)))

    def counts(self, query: ScoreQuery) -> Sequence[ScoreCount]:
        with self._store.lock:
            attempts = [each for each in self._store.attempts.values() if _is_asked(each, query)]
        scored = [(given[-1].points, each) for each in attempts if (given := self.of_call(each.id))]
        scored.sort(key=lambda pair: pair[0])
        return [
            self._count(points, [each for _, each in group])
            for points, group in groupby(scored, key=lambda pair: pair[0])
        ]

    def _count(self, points: int, attempts: Sequence[CallAttempt]) -> ScoreCount:
        made = [made for each in attempts if (made := self._appointments(each))]
        statuses = [{each.status for each in those} for those in made]
        return ScoreCount(
            points=points,
            calls=len(attempts),
            qualified=sum(self._store.dispositions.get(each.id) in QUALIFIED for each in attempts),
            appointments=len(made),
            kept=sum(AppointmentStatus.KEPT in each for each in statuses),
            missed=sum(each <= GONE for each in statuses),
        )

    def _appointments(self, attempt: CallAttempt) -> list[Appointment]:
        return [each for each in self._store.appointments.values() if each.attempt_id == attempt.id]


def _is_asked(attempt: CallAttempt, query: ScoreQuery) -> bool:
    is_theirs = query.seller_id in (None, attempt.seller_id) and query.campaign_id in (None, attempt.campaign_id)
    return is_theirs and query.since <= attempt.planned_at < query.until
