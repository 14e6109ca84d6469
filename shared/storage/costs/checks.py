"""Whether the books are in order, calls that nobody booked, and spending by the hour."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from sqlalchemy import Connection, text

from shared.kernel.ids import AttemptId, SellerId
from shared.kernel.money import Money

UNBALANCED = """
select coalesce(sum(abs(gap)), 0) from (
  select sum(e.amount_micro_usd) as gap from ledger_transactions t join ledger_entries e on e.transaction_id = t.id
  where cast(:since as timestamptz) is null or t.at >= :since group by t.id) sums
"""
# Purses are compared with their accounts, which the whole ledger makes; a look at lately alone leaves them out.
PURSES = """
select coalesce(sum(abs(b.pending_micro_usd - coalesce(h.total, 0))
                  + abs(b.posted_micro_usd + b.pending_micro_usd + coalesce(p.total, 0))), 0)
from budgets b
  left join (select account, sum(amount_micro_usd) as total from ledger_entries group by account) h
    on h.account = 'held/' || b.id
  left join (select account, sum(amount_micro_usd) as total from ledger_entries group by account) p
    on p.account = 'budget/' || b.id
where b.scope in ('campaign', 'inbound')
"""
PERIODS = """
with named as (
  select r.attempt_id, r.state = 'held' and r.is_bounded as is_held, r.amount_micro_usd,
    unnest(r.limit_ids) as budget_id
  from reservations r
  where cast(:since as timestamptz) is null or r.made_at >= :since
), held as (
  select budget_id, sum(amount_micro_usd) as total from named where is_held group by budget_id
), lines as (
  select n.budget_id, l.amount_micro_usd from named n join cost_lines l on l.attempt_id = n.attempt_id
  union all
  select unnest(c.budget_ids), c.amount_micro_usd from charges c
  where cast(:since as timestamptz) is null or c.at >= :since
), spent as (
  select budget_id, sum(amount_micro_usd) as total from lines group by budget_id
)
select coalesce(sum(abs(b.pending_micro_usd - coalesce(h.total, 0))
                  + abs(b.posted_micro_usd - coalesce(s.total, 0))), 0)
from budgets b left join held h on h.budget_id = b.id left join spent s on s.budget_id = b.id
where b.period <> 'total'
  and (cast(:since as timestamptz) is null or b.period_start > (cast(:since as timestamptz) at time zone :zone)::date)
"""
UNBOOKED = """
select r.attempt_id from reservations r join call_attempts a on a.id = r.attempt_id
where r.state = 'void' and r.made_at >= :since and a.provider_sid is not null and a.ended_at is not null
  and (a.answered_at is not null or a.provider_result is not null)
order by r.made_at limit :limit
"""

HOURLY = """
with spent as (
  select r.made_at as at, l.amount_micro_usd
  from reservations r
    join cost_lines l on l.attempt_id = r.attempt_id
    join budgets b on b.id = r.budget_id
  where r.made_at >= date_trunc('hour', cast(:since as timestamptz))
    and (cast(:seller_id as uuid) is null or b.seller_id = :seller_id)
  union all
  select c.at, c.amount_micro_usd from charges c
  where c.at >= date_trunc('hour', cast(:since as timestamptz)) and cast(:seller_id as uuid) is null
)
select date_trunc('hour', at) as hour, sum(amount_micro_usd) as total
from spent group by hour having sum(amount_micro_usd) <> 0
"""


def hourly(db: Connection, *, since: datetime, seller_id: SellerId | None) -> dict[datetime, Money]:
    """What calls cost, by the hour (UTC) in which their money was held, and charges by theirs."""
    rows = db.execute(text(HOURLY), {"since": since, "seller_id": seller_id})
    return {row.hour: Money(int(row.total)) for row in rows}


def difference(db: Connection, *, since: datetime | None, zone: tzinfo) -> Money:
    """How far the books are from being in order; zero when they are."""
    asked = {"since": since}
    gaps = db.execute(text(UNBALANCED), asked).scalar_one()
    gaps += db.execute(text(PERIODS), {**asked, "zone": str(zone)}).scalar_one()
    if since is None:
        gaps += db.execute(text(PURSES)).scalar_one()
    return Money(int(gaps))


def unbooked_attempts(db: Connection, *, since: datetime, limit: int) -> Sequence[AttemptId]:
    """Attempts whose hold was let go though the carrier has the call, and it is over."""
    return [AttemptId(str(each)) for each in db.execute(text(UNBOOKED), {"since": since, "limit": limit}).scalars()]
