"""What a crash left behind, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, String, and_, cast, exists, func, or_, select

from shared.calls import CallAttempt
from shared.costs import ReservationState
from shared.leads import Lead, LeadStatus
from shared.storage.calls.attempts import AWAITS_REPORT, IS_LIVE, attempt_of
from shared.storage.leads import lead_of
from shared.storage.tables import call_attempts, leads, outbox, reports, reservations

IS_OVER = call_attempts.c.ended_at.is_not(None)
HAS_REPORT = exists().where(reports.c.attempt_id == call_attempts.c.id)


class SqlStrays:
    """``Strays`` over the tables. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def unwatched(self, before: datetime, *, now: datetime, limit: int) -> Sequence[CallAttempt]:
        topics = outbox.c.topic.in_(("reconcile", "dial"))
        about_it = outbox.c.body["attempt_id"].astext == cast(call_attempts.c.id, String)
        waits = exists().where(topics, outbox.c.dead_at.is_(None), about_it)
        began = func.coalesce(call_attempts.c.dial_started_at, call_attempts.c.planned_at)
        return self._attempts(and_(IS_LIVE, began < before, call_attempts.c.dial_deadline < now, ~waits), limit)

    def unclosed(self, before: datetime, *, limit: int) -> Sequence[CallAttempt]:
        is_missing = call_attempts.c.disposition.is_(None) & or_(call_attempts.c.streamed_at.is_(None), HAS_REPORT)
        return self._attempts(and_(IS_OVER, call_attempts.c.ended_at < before, is_missing), limit)

    def unreported(self, before: datetime, *, limit: int) -> Sequence[CallAttempt]:
        return self._attempts(and_(IS_OVER, call_attempts.c.ended_at < before, AWAITS_REPORT, ~HAS_REPORT), limit)

    def unsettled(self, before: datetime, *, limit: int) -> Sequence[CallAttempt]:
        is_held = exists().where(
            reservations.c.attempt_id == call_attempts.c.id, reservations.c.state == ReservationState.HELD
        )
        closed = call_attempts.c.disposition.is_not(None)
        return self._attempts(and_(IS_OVER, call_attempts.c.ended_at < before, closed, is_held), limit)

    def unclaimed(self, *, limit: int) -> Sequence[Lead]:
        theirs = call_attempts.c.lead_id == leads.c.id
        is_held = exists().where(theirs, or_(IS_LIVE, call_attempts.c.disposition.is_(None)))
        query = select(leads).where(leads.c.status.in_((LeadStatus.CLAIMED, LeadStatus.IN_CALL)), ~is_held)
        with self._engine.connect() as db:
            return [lead_of(row) for row in db.execute(query.order_by(leads.c.seq).limit(limit)).mappings()]

    def _attempts(self, which: ColumnElement[bool], limit: int) -> Sequence[CallAttempt]:
        query = select(call_attempts).where(which).order_by(call_attempts.c.planned_at).limit(limit)
        with self._engine.connect() as db:
            return [attempt_of(row) for row in db.execute(query).mappings()]
