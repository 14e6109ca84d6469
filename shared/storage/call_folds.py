"""``CallFolds`` in PostgreSQL: a batch is one statement to read and one to write, however many attempts it is about."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Engine

from shared.calls import CallAttempt
from shared.calls.folding import Inbox, Join, Joined, Opened
from shared.calls.provider_event import ProviderEvent
from shared.kernel.errors import Conflict
from shared.kernel.ids import AttemptId
from shared.kernel.outbox import NewMessage
from shared.storage.calls.attempts import attempt_of
from shared.storage.outbox import told_messages
from shared.storage.rows import row_of
from shared.storage.statements import Statements

TRIES = 8

OF_ONE = "id = %(attempt_id)s"
OF_MANY = "id = any(%(ids)s::uuid[]) order by id"
READ = """
select a.*, xmin::text as seen, (
  select json_agg(json_build_array(e.kind, e.dedupe_key, e.at, e.payload) order by e.seq)
  from call_events e where e.attempt_id = a.id
) as inbox
from call_attempts a where {which}
"""
# One callback, as they mostly come, has statements of its own: their plans are kept, those of a list never are.
READ_ONE, READ_MANY = READ.format(which=OF_ONE), READ.format(which=OF_MANY)

KEEP = """
insert into call_events (attempt_id, kind, dedupe_key, at, payload)
select t.attempt_id, t.kind, t.dedupe_key, t.at, t.payload
from jsonb_to_recordset(%(came)s) as t(attempt_id uuid, kind text, dedupe_key text, at timestamptz, payload jsonb)
order by t.attempt_id, t.kind, t.dedupe_key
on conflict do nothing
"""
KEEP_ONE = """
insert into call_events (attempt_id, kind, dedupe_key, at, payload)
values (%(attempt_id)s, %(kind)s, %(dedupe_key)s, %(at)s, %(payload)s) on conflict do nothing
"""
ASK = """
insert into outbox (id, topic, "group", body, available_at)
select m.id, m.topic, m."group", m.body, m.available_at
from jsonb_to_recordset(%(messages)s)
  as m(id uuid, topic text, "group" text, body jsonb, available_at timestamptz), {after}
"""
KEPT = f"with kept as ({KEEP}) select true as holds"
KEPT_ONE = f"with kept as ({KEEP_ONE}) select true as holds"

# All of them, if nobody has changed any since it was read, or none; the callbacks that came are kept in any case.
# Locked in one order, so that two batches never wait for each other in a circle.
WRITE = """
with kept as ({keep}), told as materialized (
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
), asked as ({ask})
select holds from agreed
"""
WRITE_MANY = WRITE.format(keep=KEEP, ask=ASK.format(after="agreed g where g.holds"))
CHANGE_ONE = """
update call_attempts set state = %(state)s, provider_sid = %(provider_sid)s, answered_at = %(answered_at)s,
  streamed_at = %(streamed_at)s, ended_at = %(ended_at)s, answered_by = %(answered_by)s,
  provider_result = %(provider_result)s, sip_code = %(sip_code)s, duration_seconds = %(duration_seconds)s
where id = %(id)s and xmin = %(seen)s::xid returning true as holds
"""


# One attempt changes, as mostly, and what goes with that: it is done in a fraction of the time of a batch.
CHANGE_AND = "with changed as ({change}), {parts} select holds from changed"
KEPT_TOO, ASKED_TOO = f"kept as ({KEEP_ONE})", f"asked as ({ASK.format(after='changed')})"
WRITE_ONE: Mapping[tuple[bool, bool], str] = {
    (False, False): CHANGE_ONE,
    (True, False): CHANGE_AND.format(change=CHANGE_ONE, parts=KEPT_TOO),
    (False, True): CHANGE_AND.format(change=CHANGE_ONE, parts=ASKED_TOO),
    (True, True): CHANGE_AND.format(change=CHANGE_ONE, parts=f"{ASKED_TOO}, {KEPT_TOO}"),
}
"""By whether a callback came, and whether messages follow."""
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
        is_one = len(ids) == 1
        rows = self._db.rows(READ_ONE, {"attempt_id": ids[0]}) if is_one else self._db.rows(READ_MANY, {"ids": ids})
        known = {row["id"]: {(kind, key) for kind, key, _, _ in row["inbox"] or ()} for row in rows}
        first = {_key(event): event for event in came}
        new = tuple(
            event
            for (attempt_id, *told), event in first.items()
            if attempt_id in known and tuple(told) not in known[attempt_id]
        )
        return Opened(inboxes=tuple(_inbox(row, new) for row in rows), new=new)

    def fold(self, opened: Opened, join: Join) -> Sequence[CallAttempt]:
        for _ in range(TRIES):
            results = [(inbox, join(inbox.attempt, inbox.events)) for inbox in opened.inboxes]
            if self._is_kept(results, opened.new):
                return [result.attempt for _, result in results]
            opened = self.open(inbox.attempt.id for inbox in opened.inboxes)
        raise Conflict("others change these attempts all the time")

    def _is_kept(self, results: Sequence[tuple[Inbox, Joined]], came: Sequence[ProviderEvent]) -> bool:
        """Keep what came of attempts that were seen as they were; ``False`` when one of them has changed since.

        The callbacks that came are kept whatever becomes of it.
        """
        told = [_change(result.attempt, inbox.seen) for inbox, result in results if result.attempt != inbox.attempt]
        messages = [message for _, result in results for message in result.messages]
        if not told and not messages:
            self._keep(came)
            return True
        try:
            if len(told) == 1 and len(results) == 1 and len(came) <= 1:
                return self._is_one_kept(told[0], came, messages)
            values = {
                "told": Jsonb(told),
                "ids": [change["id"] for change in told],
                "count": len(told),
                "messages": Jsonb(told_messages(messages)),
                "came": Jsonb(_told(came)),
            }
            row = self._db.row(WRITE_MANY, values)
        except psycopg.IntegrityError as error:
            self._keep(came)
            raise Conflict("a call belongs to another attempt") from error
        return bool(row and row["holds"])

    def _is_one_kept(self, told: dict[str, Any], came: Sequence[ProviderEvent], messages: Sequence[NewMessage]) -> bool:
        values = {**told}
        for event in came:
            values |= _row(event)
        if messages:
            values["messages"] = Jsonb(told_messages(messages))
        return self._db.row(WRITE_ONE[bool(came), bool(messages)], values) is not None

    def _keep(self, came: Sequence[ProviderEvent]) -> None:
        if len(came) == 1:
            self._db.rows(KEPT_ONE, _row(came[0]))
        elif came:
            self._db.rows(KEPT, {"came": Jsonb(_told(came))})


def _key(event: ProviderEvent) -> tuple[str, str, str]:
    return event.attempt_id, event.kind, event.dedupe_key


def _row(event: ProviderEvent) -> dict[str, Any]:
    return row_of(event) | {"payload": Jsonb(event.payload)}


def _told(came: Sequence[ProviderEvent]) -> list[dict[str, Any]]:
    return [row_of(event) | {"at": event.at.isoformat()} for event in came]


def _inbox(row: dict[str, Any], came: Sequence[ProviderEvent]) -> Inbox:
    """The inbox as it was kept, and what came for it after that."""
    attempt_id = row["id"]
    kept = [
        ProviderEvent(attempt_id=attempt_id, kind=kind, dedupe_key=key, at=datetime.fromisoformat(at), payload=payload)
        for kind, key, at, payload in row["inbox"] or ()
    ]
    events = (*kept, *(event for event in came if event.attempt_id == attempt_id))
    return Inbox(attempt=attempt_of(row), events=events, seen=row["seen"])


def _change(attempt: CallAttempt, seen: str) -> dict[str, Any]:
    told = {name: getattr(attempt, name) for name in TOLD}
    moments = {name: told[name].isoformat() for name in ("answered_at", "streamed_at", "ended_at") if told[name]}
    return {"id": attempt.id, "seen": seen, **told, **moments}
