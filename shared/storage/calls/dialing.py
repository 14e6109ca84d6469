"""From planned to dialing and on to placed: a statement each, the first of which lets a phone ring."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, select

from shared.calls import RANK, AttemptState, CallAttempt, Direction, Permission
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import AttemptId, CampaignId, SellerId
from shared.kernel.outbox import NewMessage
from shared.storage.calls.attempts import IS_LIVE, attempt_of
from shared.storage.calls.permissions import kept_decision
from shared.storage.outbox import told_messages
from shared.storage.rows import told
from shared.storage.statements import Statements
from shared.storage.tables import call_attempts

UNANSWERED = [state for state, rank in RANK.items() if rank < RANK[AttemptState.ANSWERED]]

# Whatever was true a moment before, it counts as this is written.
BEGIN = """
with begun as (
  update call_attempts a set state = 'dialing', worker = %(worker)s, slot_epoch = %(slot_epoch)s,
    worker_url = %(worker_url)s, talk_until = %(talk_until)s, dial_started_at = %(now)s
  where id = %(attempt)s and state = 'planned'
    and exists (select from leads l where l.id = a.lead_id and l.status = 'claimed')
    and exists (select from campaigns c where c.id = a.campaign_id and c.state = 'running')
    and not exists (
      select from stop_switches s where s.lifted_at is null and (s.scope = 'all'
        or s.scope = 'seller' and s.target = a.seller_id or s.scope = 'campaign' and s.target = a.campaign_id)
    )
  returning id
), asked as (
  insert into outbox (id, topic, "group", body, available_at)
  select m.id, m.topic, m."group", m.body, m.available_at
  from jsonb_to_recordset(%(messages)s)
    as m(id uuid, topic text, "group" text, body jsonb, available_at timestamptz), begun
)
select id from begun
"""
RECORD = """
insert into permissions (seller_id, lead_id, attempt_id, at, verdict, decisions, facts, rule_version)
select a.seller_id, a.lead_id, a.id, p.at, p.verdict, p.decisions, p.facts, p.rule_version
from call_attempts a, jsonb_populate_record(null::permissions, %(decision)s) p where a.id = %(attempt)s
returning attempt_id
"""
BIND = """
update call_attempts set provider_sid = %(sid)s,
  state = case when attempt_rank(state) < 2 then 'placed' else state end,
  dial_started_at = coalesce(dial_started_at, %(now)s)
where id = %(attempt)s and coalesce(provider_sid, %(sid)s) = %(sid)s
returning *
"""
KNOWN = "select provider_sid from call_attempts where id = %(attempt)s"


def begin(
    db: Statements, attempt_id: AttemptId, seat: Mapping[str, Any], messages: Sequence[NewMessage], *, now: datetime
) -> bool:
    """``CallRepository.begin_dialing``; ``seat`` is where the call would be talked."""
    values = {**seat, "attempt": attempt_id, "now": now, "messages": Jsonb(told_messages(messages))}
    return db.row(BEGIN, values) is not None


def record(db: Statements, permission: Permission, *, attempt_id: AttemptId) -> None:
    """``CallRepository.record``."""
    decision = Jsonb(told(kept_decision(permission)))
    if db.row(RECORD, {"attempt": attempt_id, "decision": decision}) is None:
        raise NotFound(f"no attempt {attempt_id}")


def bind(db: Statements, attempt_id: AttemptId, sid: str, *, now: datetime) -> CallAttempt:
    """``CallRepository.bind``."""
    values = {"attempt": attempt_id, "sid": sid, "now": now}
    try:
        bound = db.row(BIND, values)
    except psycopg.IntegrityError as error:
        raise Conflict(f"call {sid} belongs to another attempt") from error
    if bound is not None:
        return attempt_of(bound)
    known = db.row(KNOWN, values)
    if known is None:
        raise NotFound(f"no attempt {attempt_id}")
    raise Conflict(f"attempt {attempt_id} is bound to call {known['provider_sid']}, not {sid}")


def unanswered(db: Connection, *, seller_id: SellerId | None, campaign_id: CampaignId | None) -> list[CallAttempt]:
    """``CallRepository.unanswered``."""
    query = select(call_attempts).where(
        IS_LIVE, call_attempts.c.direction == Direction.OUTBOUND, call_attempts.c.state.in_(UNANSWERED)
    )
    if seller_id is not None:
        query = query.where(call_attempts.c.seller_id == seller_id)
    if campaign_id is not None:
        query = query.where(call_attempts.c.campaign_id == campaign_id)
    return [attempt_of(row) for row in db.execute(query.order_by(call_attempts.c.planned_at)).mappings()]
