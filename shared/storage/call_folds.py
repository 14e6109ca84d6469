"""``CallFolds`` in PostgreSQL: a batch is one statement to read and one to write, however many attempts it is about."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb
from sqlalchemy import Engine

from shared.calls import CallAttempt
from shared.calls.folding import Inbox, Join, Joined, Opened
from shared.calls.provider_event import ProviderEvent
from shared.kernel.errors import Conflict
from shared.kernel.ids import AttemptId
from shared.storage.calls.attempts import attempt_of
from shared.storage.outbox import told_messages
from shared.storage.rows import row_of
from shared.storage.statements import Statements

TRIES = 8

OF_ONE = "id = %(attempt_id)s"
OF_MANY = "id = any(%(ids)s::uuid[]) order by id"
READ = """
select a.*, xmin::text as seen, (
  select json_agg(json_build_array(e.kind, e.dedupe_key, e.at, e.payload, false) order by e.seq)
  from call_events e where e.attempt_id = a.id
) as inbox
from call_attempts a where {which}
"""
# What a callback put into its inbox by this very statement is not read back by it, so both are joined.
OPEN = """
with new as (
  insert into call_events (attempt_id, kind, dedupe_key, at, payload) {came}
  on conflict do nothing returning attempt_id, seq, kind, dedupe_key, at, payload
)
select a.*, xmin::text as seen, (
  select json_agg(json_build_array(e.kind, e.dedupe_key, e.at, e.payload, e.is_new) order by e.seq) from (
    select seq, kind, dedupe_key, at, payload, false as is_new from call_events where attempt_id = a.id
    union all select seq, kind, dedupe_key, at, payload, true from new where attempt_id = a.id
  ) e
) as inbox
from call_attempts a where {which}
"""
CAME = """
  select t.attempt_id, t.kind, t.dedupe_key, t.at, t.payload
  from jsonb_to_recordset(%(came)s) as t(attempt_id uuid, kind text, dedupe_key text, at timestamptz, payload jsonb)
  where exists (select from call_attempts a where a.id = t.attempt_id)
  order by t.attempt_id, t.kind, t.dedupe_key
"""
ONE_CAME = """
  select id, %(kind)s, %(dedupe_key)s, %(at)s, %(payload)s from call_attempts where id = %(attempt_id)s
"""
# One callback, as they mostly come, has statements of its own: their plans are kept, those of a list never are.
READ_ONE, OPEN_ONE = READ.format(which=OF_ONE), OPEN.format(came=ONE_CAME, which=OF_ONE)
READ_MANY, OPEN_MANY = READ.format(which=OF_MANY), OPEN.format(came=CAME, which=OF_MANY)

# All of them, if nobody has changed any since it was read, or none. Locked in one order, so that two batches never wait
# for each other in a circle.
WRITE = """
with told as materialized (
  select * from jsonb_to_recordset(%(told)s) as t(id uuid, seen text, state text, provider_sid text,
    answered_at timestamptz, streamed_at timestamptz, ended_at timestamptz, answered_by text, provider_result text,
    sip_code int, duration_seconds int)
), held as materialized (
  select id, xmin::text as seen from call_attempts where id = any(%(ids)s::uuid[]) order by id for no key update
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

    def open(self, attempt_ids: Iterable[AttemptId], *, came: Sequence[ProviderEvent] = ()) -> Opened:
        ids = sorted({*attempt_ids, *(event.attempt_id for event in came)})
        rows = self._one(ids[0], came) if len(ids) == 1 and len(came) <= 1 else self._many(ids, came)
        new = {(row["id"], kind, key) for row in rows for kind, key, _, _, is_new in row["inbox"] or () if is_new}
        first = {_key(event): event for event in came}
        return Opened(
            inboxes=tuple(_inbox(row) for row in rows),
            new=tuple(event for key, event in first.items() if key in new),
        )

    def _one(self, attempt_id: AttemptId, came: Sequence[ProviderEvent]) -> list[DictRow]:
        if not came:
            return self._db.rows(READ_ONE, {"attempt_id": attempt_id})
        return self._db.rows(OPEN_ONE, row_of(came[0]) | {"payload": Jsonb(came[0].payload)})

    def _many(self, ids: Sequence[AttemptId], came: Sequence[ProviderEvent]) -> list[DictRow]:
        if not came:
            return self._db.rows(READ_MANY, {"ids": ids})
        told = [row_of(event) | {"at": event.at.isoformat()} for event in came]
        return self._db.rows(OPEN_MANY, {"came": Jsonb(told), "ids": ids})

    def fold(self, opened: Opened, join: Join) -> Sequence[CallAttempt]:
        for _ in range(TRIES):
            results = [(inbox, join(inbox.attempt, inbox.events)) for inbox in opened.inboxes]
            if self._is_kept(results):
                return [result.attempt for _, result in results]
            opened = self.open(inbox.attempt.id for inbox in opened.inboxes)
        raise Conflict("others change these attempts all the time")

    def _is_kept(self, results: Sequence[tuple[Inbox, Joined]]) -> bool:
        """Keep what came of attempts that were seen as they were; ``False`` when one of them has changed since."""
        told = [_change(result.attempt, inbox.seen) for inbox, result in results if result.attempt != inbox.attempt]
        messages = [message for _, result in results for message in result.messages]
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


def _inbox(row: dict[str, Any]) -> Inbox:
    events = tuple(
        ProviderEvent(attempt_id=row["id"], kind=kind, dedupe_key=key, at=datetime.fromisoformat(at), payload=payload)
        for kind, key, at, payload, _ in row["inbox"] or ()
    )
    return Inbox(attempt=attempt_of(row), events=events, seen=row["seen"])


def _change(attempt: CallAttempt, seen: str) -> dict[str, Any]:
    told = {name: getattr(attempt, name) for name in TOLD}
    moments = {name: told[name].isoformat() for name in ("answered_at", "streamed_at", "ended_at") if told[name]}
    return {"id": attempt.id, "seen": seen, **told, **moments}
