"""``CallFolds`` in PostgreSQL: a batch is one statement to read and one to write, however many attempts it is about."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Engine

from shared.calls import CallAttempt
from shared.calls.folding import Join, Joined
from shared.calls.provider_event import ProviderEvent
from shared.kernel.errors import Conflict
from shared.kernel.ids import AttemptId
from shared.storage.calls.attempts import attempt_of
from shared.storage.outbox import told_messages
from shared.storage.rows import row_of
from shared.storage.statements import Statements

TRIES = 8

KEEP = """
insert into call_events (attempt_id, kind, dedupe_key, at, payload)
select t.attempt_id, t.kind, t.dedupe_key, t.at, t.payload
from jsonb_to_recordset(%(told)s) as t(attempt_id uuid, kind text, dedupe_key text, at timestamptz, payload jsonb)
where exists (select from call_attempts a where a.id = t.attempt_id)
order by t.attempt_id, t.kind, t.dedupe_key
on conflict do nothing returning attempt_id, kind, dedupe_key
"""

READ = """
select a.*, xmin::text as seen, (
  select json_agg(json_build_object('attempt_id', e.attempt_id, 'kind', e.kind, 'dedupe_key', e.dedupe_key,
    'at', e.at, 'payload', e.payload) order by e.seq)
  from call_events e where e.attempt_id = a.id
) as inbox
from call_attempts a where id = any(%(ids)s::uuid[]) order by id
"""

# All of them, if nobody has changed any since it was read, or none. Locked in one order, so that two batches never wait
# for each other in a circle.
WRITE = """
with told as materialized (
  select * from jsonb_to_recordset(%(told)s) as t(id uuid, seen text, state text, provider_sid text,
    answered_at timestamptz, streamed_at timestamptz, ended_at timestamptz, answered_by text, provider_result text,
    sip_code int, duration_seconds int)
), held as materialized (
  select id, xmin::text as seen from call_attempts where id = any(%(ids)s::uuid[]) order by id for update
), agreed as materialized (
  select count(*) = %(count)s as holds from told join held using (id, seen)
), changed as (
  update call_attempts a set state = t.state, provider_sid = t.provider_sid, answered_at = t.answered_at,
    streamed_at = t.streamed_at, ended_at = t.ended_at, answered_by = t.answered_by,
    provider_result = t.provider_result, sip_code = t.sip_code, duration_seconds = t.duration_seconds
  from told t, agreed g where a.id = t.id and g.holds
), asked as (
  insert into outbox (id, topic, "group", body, available_at)
  select m.id, m.topic, m."group", m.body, m.available_at
  from jsonb_to_recordset(%(messages)s)
    as m(id uuid, topic text, "group" text, body jsonb, available_at timestamptz), agreed g
  where g.holds
)
select holds from agreed
"""
# What nearly always happens is planned in a fraction of the time: one attempt changes, and nothing follows.
WRITE_ONE = """
update call_attempts set state = %(state)s, provider_sid = %(provider_sid)s, answered_at = %(answered_at)s,
  streamed_at = %(streamed_at)s, ended_at = %(ended_at)s, answered_by = %(answered_by)s,
  provider_result = %(provider_result)s, sip_code = %(sip_code)s, duration_seconds = %(duration_seconds)s
where id = %(id)s and xmin = %(seen)s::xid returning true as holds
"""
TOLD = (
    "state",
    "provider_sid",
    "answered_at",
    "streamed_at",
    "ended_at",
    "answered_by",
    "provider_result",
    "sip_code",
    "duration_seconds",
)
"""What a fold changes, and nothing else."""


class SqlCallFolds:
    """``CallFolds`` over ``call_attempts`` and ``call_events``. Nothing is locked while events are joined."""

    def __init__(self, engine: Engine) -> None:
        self._db = Statements(engine)

    def keep(self, events: Sequence[ProviderEvent]) -> Sequence[ProviderEvent]:
        if not events:
            return []
        told = [row_of(event) | {"at": event.at.isoformat(), "payload": dict(event.payload)} for event in events]
        new = {tuple(row.values()) for row in self._db.rows(KEEP, {"told": Jsonb(told)})}
        return [event for event in {_key(event): event for event in events}.values() if _key(event) in new]

    def fold(self, attempt_ids: Iterable[AttemptId], join: Join) -> Sequence[CallAttempt]:
        ids = list(attempt_ids)
        for _ in range(TRIES):
            read = [(attempt_of(row), row["seen"], _inbox(row)) for row in self._db.rows(READ, {"ids": ids})]
            results = [(attempt, seen, join(attempt, inbox)) for attempt, seen, inbox in read]
            if self._is_kept(results):
                return [result.attempt for _, _, result in results]
        raise Conflict("others change these attempts all the time")

    def _is_kept(self, results: Sequence[tuple[CallAttempt, str, Joined]]) -> bool:
        """Keep what came of attempts that were seen as they were; ``False`` when one of them has changed since."""
        told = [_change(result.attempt, seen) for attempt, seen, result in results if result.attempt != attempt]
        messages = [message for _, _, result in results for message in result.messages]
        if not told and not messages:
            return True
        values = {
            "told": Jsonb(told),
            "ids": [change["id"] for change in told],
            "count": len(told),
            "messages": Jsonb(told_messages(messages)),
        }
        try:
            if len(told) == 1 and not messages:
                return self._db.row(WRITE_ONE, told[0]) is not None
            row = self._db.row(WRITE, values)
        except psycopg.IntegrityError as error:
            raise Conflict("a call belongs to another attempt") from error
        return bool(row and row["holds"])


def _key(event: ProviderEvent) -> tuple[str, str, str]:
    return event.attempt_id, event.kind, event.dedupe_key


def _inbox(row: dict[str, Any]) -> list[ProviderEvent]:
    """The attempt's callbacks in the order of arrival."""
    return [ProviderEvent(**each | {"at": datetime.fromisoformat(each["at"])}) for each in row["inbox"] or ()]


def _change(attempt: CallAttempt, seen: str) -> dict[str, Any]:
    told = {name: getattr(attempt, name) for name in TOLD}
    moments = {name: told[name].isoformat() for name in ("answered_at", "streamed_at", "ended_at") if told[name]}
    return {"id": attempt.id, "seen": seen, **told, **moments}
