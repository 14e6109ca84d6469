"""What a crash left behind, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, String, and_, cast, exists, func, or_, select

from shared.calls import CallAttempt
from shared.calls.gate import LOST
from shared.costs import ReservationState
from shared.leads import Lead, LeadStatus
from shared.storage.calls.attempts import IS_LIVE, attempt_of
from shared.storage.engine import reading
from shared.storage.leads import lead_of
from shared.storage.tables import call_attempts, leads, outbox, reports, reservations

IS_OVER = call_attempts.c.ended_at.is_not(None)
HAS_REPORT = exists().where(reports.c.attempt_id == call_attempts.c.id)
HAS_LAST_REPORT = exists().where(
    reports.c.attempt_id == call_attempts.c.id,
    or_(reports.c.part >= call_attempts.c.recoveries, call_attempts.c.end_reason == LOST),
)
ABOUT_IT = outbox.c.body["attempt_id"].astext == cast(call_attempts.c.id, String)


class SqlStrays:
    """``Strays`` over the tables. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def unwatched(self, before: datetime, *, now: datetime, limit: int) -> Sequence[CallAttempt]:
        is_to_come = (outbox.c.topic == "dial") & outbox.c.dead_at.is_(None)
        waits = exists().where(or_(outbox.c.topic == "reconcile", is_to_come), ABOUT_IT)
        began = func.coalesce(call_attempts.c.dial_started_at, call_attempts.c.planned_at)
        return self._attempts(and_(IS_LIVE, began < before, call_attempts.c.dial_deadline < now, ~waits), limit)

    def unclosed(self, before: datetime, *, parts_before: datetime, limit: int) -> Sequence[CallAttempt]:
        is_told = or_(
            call_attempts.c.streamed_at.is_(None),
            HAS_LAST_REPORT,
            and_(call_attempts.c.ended_at < parts_before, HAS_REPORT),
        )
        is_missing = call_attempts.c.disposition.is_(None) & is_told & ~_is_told_of("close")
        return self._attempts(and_(IS_OVER, call_attempts.c.ended_at < before, is_missing), limit)

    def unreported(self, before: datetime, *, limit: int) -> Sequence[CallAttempt]:
        talked = call_attempts.c.streamed_at.is_not(None) & call_attempts.c.disposition.is_(None)
        return self._attempts(and_(IS_OVER, call_attempts.c.ended_at < before, talked, ~HAS_REPORT), limit)

    def unsettled(self, before: datetime, *, limit: int) -> Sequence[CallAttempt]:
        is_held = exists().where(
            reservations.c.attempt_id == call_attempts.c.id, reservations.c.state == ReservationState.HELD
        )
        closed = call_attempts.c.disposition.is_not(None) & ~_is_told_of("settle")
        return self._attempts(and_(IS_OVER, call_attempts.c.ended_at < before, closed, is_held), limit)

    def unclaimed(self, *, limit: int) -> Sequence[Lead]:
        theirs = call_attempts.c.lead_id == leads.c.id
        is_held = exists().where(theirs, or_(IS_LIVE, call_attempts.c.disposition.is_(None)))
        query = select(leads).where(leads.c.status.in_((LeadStatus.CLAIMED, LeadStatus.IN_CALL)), ~is_held)
        with reading(self._engine) as db:
            return [lead_of(row) for row in db.execute(query.order_by(leads.c.seq).limit(limit)).mappings()]

    def _attempts(self, which: ColumnElement[bool], limit: int) -> Sequence[CallAttempt]:
        query = select(call_attempts).where(which).order_by(call_attempts.c.planned_at).limit(limit)
        with reading(self._engine) as db:
            return [attempt_of(row) for row in db.execute(query).mappings()]


def _is_told_of(topic: str) -> ColumnElement[bool]:
    """Whether a message about the attempt waits, or is dead."""
    return exists().where(outbox.c.topic == topic, ABOUT_IT)
