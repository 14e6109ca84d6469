"""``AnswerGate`` in PostgreSQL: one statement decides, binds the call and keeps the decision."""

from datetime import datetime
from typing import Any

from shared.calls.gate import (
    AGAINST,
    LOST,
    MOST_LOST,
    NO_WORKER,
    NOT_ALLOWED,
    STRANGE,
    BrokenCall,
    GateRule,
    Passage,
    Seat,
)
from shared.kernel.errors import Malformed, NotFound
from shared.kernel.ids import AttemptId
from shared.storage.light.connections import Connections

# ``holds`` follows the order of GateRule. The first rules make out strangers, whose call leaves no trace on ours.
ANSWER = """
with held as (
  select a.id, a.seller_id, a.lead_id, a.worker, a.slot_epoch, a.worker_url,
    array[
      attempt_rank(a.state) between 1 and 8,
      %(sid)s <> '' and coalesce(a.provider_sid, %(sid)s) = %(sid)s,
      attempt_rank(a.state) <= 5 or attempt_rank(a.state) = 9,
      l.status <> 'opted_out',
      not exists (
        select from suppressions s where s.phone = a.phone and (s.seller_id is null or s.seller_id = a.seller_id)
      ),
      c.paused_reason is distinct from 'compliance',
      not exists (
        select from stop_switches s where s.lifted_at is null
          and (s.scope = 'all' or (s.scope, s.target) in (('seller', a.seller_id), ('campaign', a.campaign_id)))
      ),
      exists (select from reservations r where r.attempt_id = a.id and r.state = 'held'),
      coalesce(%(now)s <= a.talk_until, true),
      a.worker is not null and a.slot_epoch is not null and a.worker_url is not null
    ] as holds,
    exists (
      select from permissions p where p.lead_id = a.lead_id and p.attempt_id = a.id
        and p.verdict = 'allow' and p.decisions @> '[{"rule": "gate.attempt"}]'
    ) as was_let_through
  from call_attempts a join leads l on l.id = a.lead_id join campaigns c on c.id = a.campaign_id
  where a.id = %(attempt)s
  for update of a
), judged as (
  select h.*, false = any (h.holds[:%(strange)s]) as is_strange,
    array(select r.rule from unnest(%(rules)s::text[], h.holds) as r(rule, holds) where not r.holds) as against
  from held h
), moved as (
  update call_attempts a set
    provider_sid = coalesce(a.provider_sid, %(sid)s),
    state = case when j.against = '{}' and attempt_rank(a.state) < 5 then 'answered' else a.state end,
    answered_at = case when j.against = '{}' then least(a.answered_at, %(now)s) else a.answered_at end,
    end_reason = case when j.against = '{}' or j.was_let_through then a.end_reason
      when j.against = array['gate.worker'] then %(no_worker)s else %(not_allowed)s end
  from judged j where a.id = j.id and not j.is_strange
), talking as (
  update leads l set status = 'in_call' from judged j
  where l.id = j.lead_id and l.status = 'claimed' and j.against = '{}'
), kept as (
  insert into permissions (seller_id, lead_id, attempt_id, at, verdict, decisions)
  select j.seller_id, j.lead_id, j.id, %(now)s, case when j.against = '{}' then 'allow' else 'deny' end, (
    select jsonb_agg(jsonb_build_object(
      'rule', r.rule, 'verdict', case when r.holds then 'allow' else 'deny' end,
      'reason', case when r.holds then '' else r.reason end,
      'source', '', 'evidence', '{}'::jsonb, 'defer_until', null) order by r.place)
    from unnest(%(rules)s::text[], %(reasons)s::text[], j.holds) with ordinality as r(rule, reason, holds, place)
  )
  from judged j where not j.is_strange and not exists (
    select from permissions p where p.lead_id = j.lead_id and p.attempt_id = j.id
      and p.verdict = case when j.against = '{}' then 'allow' else 'deny' end
      and p.decisions @> '[{"rule": "gate.attempt"}]'
  )
)
select worker, slot_epoch, worker_url, against from judged
"""

# Each stream of a call is reported on its own: the part of the report that counts is that of the last stream.
BROKEN = """
select attempt_rank(a.state) = 9 as is_over, a.recoveries, a.worker, a.slot_epoch, a.worker_url,
  attempt_rank(a.state) >= 1 and coalesce(a.provider_sid, %(sid)s) = %(sid)s as is_ours,
  l.status = 'opted_out' or exists (
    select from suppressions s where s.phone = a.phone and s.reason = 'opt_out'
  ) as has_opted_out,
  r.body ->> 'ended_by' as ended_by
from call_attempts a join leads l on l.id = a.lead_id
  left join reports r on r.attempt_id = a.id and r.part = a.recoveries
where a.id = %(attempt)s
"""

RECONNECT = """
update call_attempts set state = 'recovering', recoveries = recoveries + 1,
  worker = %(worker)s, slot_epoch = %(epoch)s, worker_url = %(url)s
where id = %(attempt)s and recoveries = %(recoveries)s and attempt_rank(state) < 9
returning id
"""

LOSE = """
with this as (
  select a.id, a.lead_id, a.end_reason is distinct from %(lost)s as is_news, l.status <> 'opted_out' as may_hope, (
    select count(*) from call_attempts o where o.lead_id = a.lead_id and o.id <> a.id and o.end_reason = %(lost)s
  ) < %(most)s as is_promised
  from call_attempts a join leads l on l.id = a.lead_id
  where a.id = %(attempt)s and attempt_rank(a.state) < 9
  for update of a
), lost as (
  update call_attempts a set end_reason = %(lost)s from this t where a.id = t.id and t.is_news
), promised as (
  update leads l set promised_at = case
    when t.is_promised then greatest(l.promised_at, %(call_back_at)s)
    when l.promised_at > %(call_back_at)s then l.promised_at
  end
  from this t where l.id = t.lead_id and t.is_news and l.status <> 'opted_out'
)
select may_hope and is_promised as is_promised from this
"""


class SqlAnswerGate:
    """``AnswerGate`` over ``call_attempts`` and what bears on it."""

    def __init__(self, connections: Connections) -> None:
        self._db = connections

    def answer(self, attempt_id: AttemptId, sid: str, *, now: datetime) -> Passage:
        values = {
            "attempt": attempt_id,
            "sid": sid,
            "now": now,
            "rules": [rule.value for rule in GateRule],
            "reasons": [AGAINST[rule] for rule in GateRule],
            "strange": len(STRANGE),
            "no_worker": NO_WORKER,
            "not_allowed": NOT_ALLOWED,
        }
        row = self._one(ANSWER, values)
        against = tuple(GateRule(rule) for rule in row["against"])
        return Passage(against=against) if against else Passage(seat=_seat(row))

    def broken(self, attempt_id: AttemptId, sid: str) -> BrokenCall:
        row = self._one(BROKEN, {"attempt": attempt_id, "sid": sid})
        return BrokenCall(
            is_over=row["is_over"],
            is_ours=row["is_ours"],
            has_opted_out=row["has_opted_out"],
            ended_by=row["ended_by"],
            recoveries=row["recoveries"],
            seat=_seat(row),
        )

    def reconnect(self, attempt_id: AttemptId, seat: Seat, *, recoveries: int) -> bool:
        values = {
            "attempt": attempt_id,
            "recoveries": recoveries,
            "worker": seat.worker,
            "epoch": seat.epoch,
            "url": seat.url,
        }
        return bool(self._db.rows(RECONNECT, values))

    def lose(self, attempt_id: AttemptId, *, call_back_at: datetime) -> bool:
        values = {"attempt": attempt_id, "call_back_at": call_back_at, "lost": LOST, "most": MOST_LOST}
        return any(row["is_promised"] for row in self._db.rows(LOSE, values))

    def _one(self, statement: Any, values: dict[str, Any]) -> dict[str, Any]:
        try:
            rows = self._db.rows(statement, values)
        except Malformed as error:
            raise NotFound("no such attempt") from error
        if not rows:
            raise NotFound(f"no attempt {values['attempt']}")
        return rows[0]


def _seat(row: dict[str, Any]) -> Seat | None:
    if row["worker"] is None or row["slot_epoch"] is None or row["worker_url"] is None:
        return None
    return Seat(worker=row["worker"], epoch=row["slot_epoch"], url=row["worker_url"])
