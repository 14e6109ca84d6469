"""Costs added up in PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, text

from shared.costs import Component
from shared.kernel.money import Money
from shared.reports.cost_report import OWN_VOICES, QUALIFIED, By, CostQuery, CostRow
from shared.storage.engine import reading

KEYS: Mapping[By, tuple[str, str]] = {
    By.ALL: ("'all'", "'all'"),
    By.CAMPAIGN: ("a.campaign_id::text", "min(c.name)"),
    By.VARIANT: (
        "a.campaign_id || ':' || coalesce(a.variant, '-')",
        "min(c.name) || ', ' || coalesce(min(a.variant), 'no variant')",
    ),
    By.HOUR: ("to_char(a.planned_at at time zone coalesce(nullif(l.timezone, ''), 'UTC'), 'HH24')", "''"),
    By.TIER: ("coalesce(s.tier, 'none')", "''"),
    By.DAY: ("to_char(a.planned_at at time zone 'UTC', 'YYYY-MM-DD')", "''"),
}
CHOSEN = """
  a.planned_at >= :since and a.planned_at < :until and a.direction = :direction
  and (cast(:campaign_id as uuid) is null or a.campaign_id = :campaign_id)
  and (cast(:seller_id as uuid) is null or a.seller_id = :seller_id)
"""
ROWS = """
with spent as (
  select l.attempt_id, sum(l.amount_micro_usd) as cost,
    case
      when not coalesce(bool_or(l.component = 'text_to_speech'), false) then 'none'
      when bool_and(l.vendor = any(:own)) filter (where l.component = 'text_to_speech') then 'local'
      when bool_or(l.vendor = any(:own)) filter (where l.component = 'text_to_speech') then 'premium'
      else 'premium_whole_call'
    end as tier
  from cost_lines l join call_attempts a on a.id = l.attempt_id where {chosen} group by l.attempt_id
), heard as (
  select distinct r.attempt_id from reports r join call_attempts a on a.id = r.attempt_id
  where r.body->>'heard' = 'human' and {chosen}
), booked as (
  select p.attempt_id, count(*) as standing from appointments p join call_attempts a on a.id = p.attempt_id
  where p.status <> 'cancelled' and {chosen} group by p.attempt_id
)
select {key} as key, {label} as label, count(*) as attempts, count(a.provider_sid) as dials,
  count(h.attempt_id) as connected,
  count(distinct a.lead_id) filter (where a.disposition = any(:qualified)) as qualified,
  coalesce(sum(b.standing), 0) as appointments, coalesce(sum(a.duration_seconds), 0) as call_seconds,
  coalesce(sum(s.cost), 0) as cost, coalesce(sum(s.cost) filter (where h.attempt_id is not null), 0) as connected_cost
from call_attempts a
  join campaigns c on c.id = a.campaign_id
  join leads l on l.id = a.lead_id
  left join spent s on s.attempt_id = a.id
  left join heard h on h.attempt_id = a.id
  left join booked b on b.attempt_id = a.id
where {chosen}
group by 1 order by 1
"""
COMPONENTS = """
select l.component, sum(l.amount_micro_usd) as amount
from cost_lines l join call_attempts a on a.id = l.attempt_id where {chosen}
group by l.component order by amount desc, l.component
"""


class SqlCostReports:
    """``CostReports`` over ``call_attempts`` and what belongs to them. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def rows(self, query: CostQuery) -> Sequence[CostRow]:
        key, label = KEYS[query.by]
        words = {"own": sorted(OWN_VOICES), "qualified": sorted(each.value for each in QUALIFIED)}
        with reading(self._engine) as db:
            rows = db.execute(text(ROWS.format(key=key, label=label, chosen=CHOSEN)), _asked(query) | words)
            return [
                CostRow(
                    key=row.key,
                    label=row.label or row.key,
                    attempts=row.attempts,
                    dials=row.dials,
                    connected=row.connected,
                    qualified=row.qualified,
                    appointments=int(row.appointments),
                    call_seconds=int(row.call_seconds),
                    cost=Money(int(row.cost)),
                    connected_cost=Money(int(row.connected_cost)),
                )
                for row in rows
            ]

    def by_component(self, query: CostQuery) -> Mapping[Component, Money]:
        with reading(self._engine) as db:
            rows = db.execute(text(COMPONENTS.format(chosen=CHOSEN)), _asked(query))
            return {Component(row.component): Money(int(row.amount)) for row in rows}


def _asked(query: CostQuery) -> dict[str, Any]:
    return {
        "since": query.since,
        "until": query.until,
        "direction": query.direction.value,
        "campaign_id": query.campaign_id,
        "seller_id": query.seller_id,
    }
