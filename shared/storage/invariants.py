"""The invariants as queries: each returns the ids that break it, and none when all is well.

Without a look back the whole ledger is added up, too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine, text

from shared.calls.invariants import Violation
from shared.storage.engine import reading

MOST_IDS = 100

# Calls are found by their campaigns, whose index knows when they were dialled.
RECENT = """
with recent as (
  select a.* from campaigns c join call_attempts a on a.campaign_id = c.id
  where a.dial_started_at >= coalesce(cast(:since as timestamptz), '-infinity') and a.direction = 'outbound'
)
"""

QUERIES: Mapping[str, str] = {
    "I1": """
    select min(id::text) from call_attempts where ended_at is null and direction = 'outbound'
    group by phone having count(*) > 1""",
    "I2": """
    select a.id from recent a join call_attempts b on b.provider_sid = a.provider_sid and b.id <> a.id""",
    "I4": """
    select a.id from recent a where a.dial_started_at > a.dial_deadline
      or not exists (
        select from permissions p where p.lead_id = a.lead_id and p.attempt_id = a.id and p.verdict = 'allow'
          and p.at between a.dial_started_at - interval '5 seconds' and a.dial_started_at + interval '1 second')
      or exists (
        select from campaign_moves m where m.campaign_id = a.campaign_id and m.at < a.dial_started_at
          and m.state <> 'running'
          and not exists (
            select from campaign_moves n where n.campaign_id = m.campaign_id and n.seq > m.seq
              and n.at <= a.dial_started_at))""",
    "I4b": """
    select a.id from recent a where exists (
      select from suppressions s where s.phone = a.phone and s.at < a.dial_started_at - interval '1 second'
        and (s.seller_id is null or s.seller_id = a.seller_id))""",
    "I5": """
    select a.id from call_attempts a join campaigns c on c.id = a.campaign_id
    where a.ended_at is null and (
      attempt_rank(a.state) < 5 and coalesce(a.dial_started_at, a.planned_at) < :now - interval '5 minutes'
      or attempt_rank(a.state) >= 5
        and coalesce(a.answered_at, a.planned_at)
          < :now - coalesce(a.time_limit, c.time_limit) - interval '5 minutes')""",
    "I6": """
    select a.id from recent a where (attempt_rank(a.state) = 9) <> (a.ended_at is not null)
      or a.state in ('placed', 'initiated', 'ringing', 'answered', 'streaming') and a.provider_sid is null
      or a.state = 'planned'""",
    "I7": """
    select t.id from ledger_transactions t join ledger_entries e on e.transaction_id = t.id
    where cast(:since as timestamptz) is null or t.at >= :since group by t.id having sum(e.amount_micro_usd) <> 0
    union all
    select b.id from budgets b
      left join lateral (
        select sum(amount_micro_usd) as total from ledger_entries where account = 'budget/' || b.id) spent on true
      left join lateral (
        select sum(amount_micro_usd) as total from ledger_entries where account = 'held/' || b.id) held on true
    where cast(:since as timestamptz) is null and b.scope in ('campaign', 'inbound')
      and (b.pending_micro_usd <> coalesce(held.total, 0)
      or b.posted_micro_usd + b.pending_micro_usd <> -coalesce(spent.total, 0))""",
    "I8": """select id from budgets
      where pending_micro_usd + posted_micro_usd > limit_micro_usd + overdrawn_micro_usd""",
    "I9": """
    select a.id from recent a left join reservations r on r.attempt_id = a.id
    where r.attempt_id is null
      or r.state = 'held' and a.ended_at < :now - interval '15 minutes' and a.disposition is not null""",
    # nobody waits for an analysis
    "I10": """select id from outbox where dead_at is null and topic <> 'analyse'
      and available_at < :now - interval '60 seconds'
      and (lease_until is null or lease_until < :now)""",
    "I12": """select id from call_attempts where streamed_at is not null and disposition is null
      and ended_at is not null and ended_at < :now - interval '10 minutes'""",
    "I14": """
    select a.lead_id from recent a join campaigns c on c.id = a.campaign_id
    where a.purpose in ('first', 'retry')
      and (a.state not in ('cancelled', 'rejected', 'not_placed') or a.provider_sid is not null)
    group by a.lead_id, c.cadence having count(*) > (c.cadence ->> 'max_attempts')::int""",
    "I15": """
    select a.id from recent a join leads l on l.id = a.lead_id join campaigns c on c.id = a.campaign_id
    where l.seller_id <> a.seller_id or c.seller_id <> a.seller_id""",
    "I16": "select id from call_attempts where ended_at is null and recoveries > 2",
    "I18": "select id from outbox where dead_at is not null",
    "L1": """
    select l.id from leads l where l.status in ('claimed', 'in_call') and not exists (
      select from call_attempts a where a.lead_id = l.id
        and (a.ended_at is null or a.disposition is null or a.ended_at > :now - interval '5 minutes'))""",
    "L2": """
    select l.id from leads l join suppressions s on s.phone = l.phone and s.reason = 'opt_out'
    where l.status in ('new', 'ready', 'claimed') and s.at < :now - interval '1 minute'
      and s.at >= coalesce(cast(:since as timestamptz), '-infinity')""",
}


class SqlInvariants:
    """``Invariants`` over the tables. Each query is a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def violations(self, now: datetime, *, look_back: timedelta | None = None) -> Sequence[Violation]:
        since = now - look_back if look_back is not None else None
        found = []
        for invariant, query in QUERIES.items():
            with reading(self._engine) as db:
                rows = db.execute(text(f"{RECENT} {query} limit {MOST_IDS}"), {"now": now, "since": since})
                ids = tuple(str(row[0]) for row in rows)
            if ids:
                found.append(Violation(invariant=invariant, ids=ids))
        return found
