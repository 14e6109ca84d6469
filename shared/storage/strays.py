"""What a crash left behind, in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from shared.calls import CallAttempt
from shared.calls.gate import LOST
from shared.leads import Lead
from shared.storage.calls.attempts import attempt_of
from shared.storage.leads import lead_of
from shared.storage.statements import Statements

# A message about the attempt waits, or is dead.
IS_TOLD_OF = """exists (select from outbox o where o.topic = '{topic}' and o.body ->> 'attempt_id' = a.id::text)"""
HAS_REPORT = "exists (select from reports r where r.attempt_id = a.id)"
ATTEMPTS = "select a.* from call_attempts a where {which} order by a.planned_at limit %(limit)s"
UNWATCHED = ATTEMPTS.format(
    which="""
a.ended_at is null and coalesce(a.dial_started_at, a.planned_at) < %(before)s and a.dial_deadline < %(now)s
and not exists (
  select from outbox o where (o.topic = 'reconcile' or o.topic = 'dial' and o.dead_at is null)
    and o.body ->> 'attempt_id' = a.id::text
)
"""
)
UNCLOSED = ATTEMPTS.format(
    which=f"""
a.ended_at < %(before)s and a.disposition is null
and (
  a.streamed_at is null or a.ended_at < %(parts_before)s and {HAS_REPORT} or exists (
    select from reports r where r.attempt_id = a.id and (r.part >= a.recoveries or a.end_reason = %(lost)s)
  )
)
and not {IS_TOLD_OF.format(topic="close")}
"""
)
UNREPORTED = ATTEMPTS.format(
    which=f"a.ended_at < %(before)s and a.streamed_at is not null and a.disposition is null and not {HAS_REPORT}"
)
UNSETTLED = ATTEMPTS.format(
    which=f"""
a.ended_at < %(before)s and a.disposition is not null and not {IS_TOLD_OF.format(topic="settle")}
and exists (select from reservations h where h.attempt_id = a.id and h.state = 'held')
"""
)
UNCLAIMED = """
select l.* from leads l where l.status in ('claimed', 'in_call') and not exists (
  select from call_attempts a where a.lead_id = l.id and (a.ended_at is null or a.disposition is null)
) order by l.seq limit %(limit)s
"""


class SqlStrays:
    """``Strays`` over the tables. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._db = Statements(engine)

    def unwatched(self, before: datetime, *, now: datetime, limit: int) -> Sequence[CallAttempt]:
        return self._attempts(UNWATCHED, {"before": before, "now": now, "limit": limit})

    def unclosed(self, before: datetime, *, parts_before: datetime, limit: int) -> Sequence[CallAttempt]:
        asked = {"before": before, "parts_before": parts_before, "lost": LOST, "limit": limit}
        return self._attempts(UNCLOSED, asked)

    def unreported(self, before: datetime, *, limit: int) -> Sequence[CallAttempt]:
        return self._attempts(UNREPORTED, {"before": before, "limit": limit})

    def unsettled(self, before: datetime, *, limit: int) -> Sequence[CallAttempt]:
        return self._attempts(UNSETTLED, {"before": before, "limit": limit})

    def unclaimed(self, *, limit: int) -> Sequence[Lead]:
        return [lead_of(row) for row in self._db.rows(UNCLAIMED, {"limit": limit})]

    def _attempts(self, statement: str, asked: Mapping[str, Any]) -> Sequence[CallAttempt]:
        return [attempt_of(row) for row in self._db.rows(statement, asked)]
