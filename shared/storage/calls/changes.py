"""Attempts that move on, are looked for again, are declined or closed, each with the messages that follow from it."""

from collections.abc import Sequence

import psycopg
from psycopg.types.json import Jsonb

from shared.calls import CallAttempt, Permission
from shared.calls.ports import ProviderEvent
from shared.calls.standing import standing
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.outbox import NewMessage
from shared.leads import Lead
from shared.storage.calls.attempts import attempt_of
from shared.storage.calls.permissions import permission_row
from shared.storage.leads import move_lead
from shared.storage.outbox import told_messages
from shared.storage.rows import names_of, row_of, told
from shared.storage.statements import Statements

LOCK = "select * from call_attempts where id = %(id)s for update"
WRITE = f"""
with changed as (
  update call_attempts a set {", ".join(f"{name} = t.{name}" for name in names_of(CallAttempt) if name != "id")}
  from jsonb_populate_record(null::call_attempts, %(attempt)s) t where a.id = t.id
)
insert into outbox (id, topic, "group", body, available_at)
select m.id, m.topic, m."group", m.body, m.available_at
from jsonb_to_recordset(%(messages)s) as m(id uuid, topic text, "group" text, body jsonb, available_at timestamptz)
"""  # noqa: S608 - of the names of our own fields
LOOK_AGAIN = """
with looked as (
  update call_attempts set looks = looks + 1 where id = %(id)s and looks = %(looks)s returning *
), asked as (
  insert into outbox (id, topic, "group", body, available_at)
  select m.id, m.topic, m."group", m.body, m.available_at
  from jsonb_to_recordset(%(messages)s)
    as m(id uuid, topic text, "group" text, body jsonb, available_at timestamptz), looked
)
select * from looked
"""
DECLINE = """
with put_off as (
  update leads set status = %(status)s, next_attempt_at = %(next)s::timestamptz
  where id = %(lead)s and status in ('new', 'ready')
), asked as (
  insert into outbox (id, topic, "group", body, available_at)
  select m.id, m.topic, m."group", m.body, m.available_at
  from jsonb_to_recordset(%(messages)s) as m(id uuid, topic text, "group" text, body jsonb, available_at timestamptz)
)
insert into permissions (seller_id, lead_id, attempt_id, at, verdict, decisions, facts, rule_version)
select p.seller_id, p.lead_id, p.attempt_id, p.at, p.verdict, p.decisions, p.facts, p.rule_version
from jsonb_populate_record(null::permissions, %(decision)s) p
returning id
"""
CLOSE = """
with closed as (
  update call_attempts set disposition = %(disposition)s where id = %(id)s and disposition is null returning id
), asked as (
  insert into outbox (id, topic, "group", body, available_at)
  select m.id, m.topic, m."group", m.body, m.available_at
  from jsonb_to_recordset(%(messages)s)
    as m(id uuid, topic text, "group" text, body jsonb, available_at timestamptz), closed
)
select id from closed
"""
RECEIVE = """
with new as (
  insert into call_events (attempt_id, kind, dedupe_key, at, payload)
  values (%(attempt_id)s, %(kind)s, %(dedupe_key)s, %(at)s, %(payload)s)
  on conflict do nothing returning attempt_id
), asked as (
  insert into outbox (id, topic, "group", body, available_at)
  select m.id, m.topic, m."group", m.body, m.available_at
  from jsonb_to_recordset(%(messages)s)
    as m(id uuid, topic text, "group" text, body jsonb, available_at timestamptz), new
)
select attempt_id from new
"""


def move(db: Statements, attempt: CallAttempt, messages: Sequence[NewMessage]) -> CallAttempt:
    """``CallRepository.move``."""
    try:
        with db.together() as these:
            row = these.execute(LOCK, {"id": attempt.id}).fetchone()
            if row is None:
                raise NotFound(f"no attempt {attempt.id}")
            known = attempt_of(row)
            moved = standing(known, attempt)
            if moved is None:
                return known
            if moved != known or messages:
                changed = {"attempt": Jsonb(told(row_of(moved))), "messages": Jsonb(told_messages(messages))}
                these.execute(WRITE, changed)
    except psycopg.IntegrityError as error:
        raise Conflict(f"call {attempt.provider_sid} belongs to another attempt") from error
    return moved


def look_again(db: Statements, attempt: CallAttempt, question: NewMessage) -> CallAttempt | None:
    """``CallRepository.look_again``; ``None`` when another look was kept meanwhile, or there is no such attempt."""
    messages = Jsonb(told_messages([question]))
    row = db.row(LOOK_AGAIN, {"id": attempt.id, "looks": attempt.looks, "messages": messages})
    return attempt_of(row) if row else None


def decline(db: Statements, lead: Lead, permission: Permission, messages: Sequence[NewMessage]) -> None:
    """``CallRepository.decline``."""
    values = {
        "lead": lead.id,
        "status": lead.status,
        "next": lead.next_attempt_at.isoformat() if lead.next_attempt_at else None,
        "decision": Jsonb(told(permission_row(permission, lead_id=lead.id, seller_id=lead.seller_id))),
        "messages": Jsonb(told_messages(messages)),
    }
    db.rows(DECLINE, values)


def close(
    db: Statements,
    attempt: CallAttempt,
    lead: Lead,
    disposition: str,
    messages: Sequence[NewMessage],
    *,
    was: Lead | None,
) -> bool:
    """``CallRepository.close``."""
    closed = {"id": attempt.id, "disposition": disposition, "messages": Jsonb(told_messages(messages))}
    with db.together() as these:
        if these.execute(CLOSE, closed).fetchone() is None:
            return False
        move_lead(these, lead, was=was)
    return True


def receive(db: Statements, event: ProviderEvent, messages: Sequence[NewMessage]) -> bool:
    """``CallRepository.receive``."""
    values = row_of(event) | {"payload": Jsonb(event.payload), "messages": Jsonb(told_messages(messages))}
    return db.row(RECEIVE, values) is not None
