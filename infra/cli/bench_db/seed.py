"""Millions of leads and calls, written by the database itself in a few minutes."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString

import psycopg

from infra.cli.bench_db.indexes import make_again, put_aside
from shared.kernel.ids import AttemptId, CampaignId, LeadId

FIRST_PHONE = 2_120_000_000
MOST_CAMPAIGNS = 50
MOST_LIVE = 60_000
LEADS_PER_CAMPAIGN = 1_000


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much there is: ``leads``, and as many calls that are over."""

    leads: int = 5_000_000

    @property
    def campaigns(self) -> int:
        """Every campaign has the same share of the leads, and of those that are due."""
        return max(1, min(MOST_CAMPAIGNS, self.leads // LEADS_PER_CAMPAIGN))

    @property
    def live(self) -> int:
        """Attempts that are ringing, on top of those that are over: what folding works on."""
        return min(MOST_LIVE, self.leads)


def lead_id(number: int) -> LeadId:
    """The id of the lead with that number, counted from 1."""
    return LeadId(f"00000000-0000-7000-8000-{number:012x}")


def attempt_id(number: int) -> AttemptId:
    """The id of the attempt with that number, counted from 1."""
    return AttemptId(f"00000000-0000-7001-8000-{number:012x}")


def campaign_id(number: int) -> CampaignId:
    """The id of the campaign with that number, counted from 0."""
    return CampaignId(f"00000000-0000-7002-8000-{number:012x}")


def sid(number: int) -> str:
    """The carrier's id of the attempt with that number."""
    return f"CA{number:032x}"


SELLER = "00000000-0000-7003-8000-000000000001"
BUDGET = "00000000-0000-7004-8000-000000000001"

# One lead in ten is due, two wait for later, the others are done with.
LEADS: LiteralString = """
insert into leads (id, seller_id, campaign_id, phone, first_name, last_name, kind, subject, source, timezone, state,
                   status, attempts, next_attempt_at, priority, hours, created_at)
select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, %(seller)s,
  ('00000000-0000-7002-8000-' || lpad(to_hex(n / 10 %% %(campaigns)s), 12, '0'))::uuid,
  '+1' || (%(first_phone)s + n), 'Ada', 'Reed', 'seller', '12 Oak Street', 'portal', 'America/Chicago', 'TX',
  case when n %% 10 = 0 then 'ready' when n %% 5 = 1 then 'ready' else 'exhausted' end, 1,
  case when n %% 10 = 0 then %(now)s - (n %% 86400) * interval '1 second'
       when n %% 5 = 1 then %(now)s + (1 + n %% 86400) * interval '1 second' end,
  0, '[]', %(now)s - interval '90 days'
from generate_series(%(first)s::int, %(last)s::int) n
"""
CALLS: LiteralString = """
insert into call_attempts (id, seller_id, campaign_id, lead_id, attempt_no, phone, caller_id, direction, purpose, state,
                           planned_at, dial_deadline, dial_started_at, provider_sid, answered_at, ended_at,
                           provider_result, duration_seconds, recoveries, disposition)
select ('00000000-0000-7001-8000-' || lpad(to_hex(n), 12, '0'))::uuid, %(seller)s,
  ('00000000-0000-7002-8000-' || lpad(to_hex(n / 10 %% %(campaigns)s), 12, '0'))::uuid,
  ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1,
  '+1' || (%(first_phone)s + n), '+15125550000', 'outbound', 'first', 'ended',
  at, at + interval '90 seconds', at, 'CA' || lpad(to_hex(n), 32, '0'), at + interval '9 seconds',
  at + interval '99 seconds', 'completed', 90, 0, 'no_answer'
from generate_series(%(first)s::int, %(last)s::int) n,
  lateral (select %(now)s - (n %% 7776000) * interval '1 second') as t(at)
"""
RINGING: LiteralString = """
insert into call_attempts (id, seller_id, campaign_id, lead_id, attempt_no, phone, caller_id, direction, purpose, state,
                           planned_at, dial_deadline, dial_started_at, provider_sid, recoveries)
select ('00000000-0000-7001-8000-' || lpad(to_hex(n), 12, '0'))::uuid, %(seller)s,
  ('00000000-0000-7002-8000-' || lpad(to_hex(n / 10 %% %(campaigns)s), 12, '0'))::uuid,
  ('00000000-0000-7000-8000-' || lpad(to_hex(n - %(leads)s), 12, '0'))::uuid, 2,
  '+1' || (%(first_phone)s + n - %(leads)s), '+15125550000', 'outbound', 'retry', 'placed',
  %(now)s, %(now)s + interval '90 seconds', %(now)s, 'CA' || lpad(to_hex(n), 32, '0'), 0
from generate_series(%(leads)s::int + 1, %(leads)s::int + %(live)s) n
"""


def seed(database_url: str, size: Size, *, now: datetime, tell: Callable[[str], None]) -> None:
    """Fill an empty, migrated database. Needs the right to switch foreign keys off, as its owner has here."""
    values = {
        "seller": SELLER,
        "budget": BUDGET,
        "campaigns": size.campaigns,
        "first_phone": FIRST_PHONE,
        "now": now,
        "leads": size.leads,
        "live": size.live,
        "first": 1,
        "last": size.leads,
    }
    _campaigns(database_url, values, now)
    tell(f"writing {size.leads:,} leads and as many calls")
    with ThreadPoolExecutor(2) as pool:
        tables = (
            pool.submit(_fill, database_url, "leads", (LEADS,), values),
            pool.submit(_fill, database_url, "call_attempts", (CALLS, RINGING), values),
        )
        for each in tables:
            each.result()
    with psycopg.connect(database_url, autocommit=True) as db:
        db.execute("checkpoint")  # what a running server has long written is not written while it is measured


def _fill(database_url: str, table: LiteralString, statements: Sequence[LiteralString], values: dict[str, Any]) -> None:
    """Rows first, indexes afterwards, the planner's statistics last."""
    away = put_aside(database_url, table)
    with psycopg.connect(database_url, autocommit=True) as db:
        db.execute("set session_replication_role = replica")
        db.execute("set synchronous_commit = off")
        for statement in statements:
            db.execute(statement, values)
        db.execute(f"vacuum (freeze) {table}")
        make_again(database_url, away)
        db.execute(f"analyze {table}")


def _campaigns(database_url: str, values: dict[str, Any], now: datetime) -> None:
    from shared.campaigns import Campaign, CampaignState, Seller
    from shared.costs import Budget
    from shared.kernel.ids import BudgetId, SellerId
    from shared.kernel.money import Money
    from shared.storage.campaigns import SqlCampaignRepository
    from shared.storage.costs import SqlCostRepository
    from shared.storage.engine import make_engine

    engine = make_engine(database_url, pool_size=1)
    campaigns = SqlCampaignRepository(engine)
    seller = SellerId(values["seller"])
    campaigns.add_seller(Seller(id=seller, registered_name="Lakeside Realty", callback_number="+15125550000"))
    budget = Budget(id=BudgetId(values["budget"]), seller_id=seller, limit=Money.usd("1000000"))
    SqlCostRepository(engine).add_budget(budget)
    for number in range(values["campaigns"]):
        campaign = Campaign(
            id=campaign_id(number),
            seller_id=seller,
            name=f"Campaign {number}",
            script="seller_home_value",
            voice="en-us+f2",
            caller_id="+15125550000",
            budget_id=budget.id,
            state=CampaignState.RUNNING,
            max_concurrency=100_000,
            created_at=now - timedelta(days=90),
        )
        campaigns.save(campaign)
    engine.dispose()
