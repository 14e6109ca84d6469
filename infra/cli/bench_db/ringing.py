"""Calls that ring, and nothing else: what callbacks are about."""

from datetime import datetime, timedelta
from typing import LiteralString

import psycopg

from infra.cli.bench_db.seed import attempt_id, campaign_id
from infra.cli.bench_db.waiting import take_registry
from shared.campaigns import Campaign, CampaignState, Seller
from shared.costs import Budget
from shared.kernel.ids import BudgetId, SellerId, new_id
from shared.kernel.money import Money
from shared.storage.campaigns import SqlCampaignRepository
from shared.storage.costs import SqlCostRepository
from shared.storage.engine import make_engine

RINGING: LiteralString = """
with made as (
  insert into leads (id, seller_id, campaign_id, phone, first_name, last_name, kind, subject, source, timezone, state,
                     status, attempts, priority, hours, created_at)
  select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, %(seller)s, %(campaign)s,
    '+1' || (2120000000 + n), 'Ada', 'Reed', 'seller', '', '', 'America/Chicago', 'TX', 'claimed', 1, 0, '[]', %(now)s
  from generate_series(1, %(count)s) n
), rung as (
  insert into call_attempts (id, seller_id, campaign_id, lead_id, attempt_no, phone, caller_id, direction, purpose,
                             state, planned_at, dial_deadline, dial_started_at, provider_sid, worker, slot_epoch,
                             worker_url, recoveries)
  select ('00000000-0000-7001-8000-' || lpad(to_hex(n), 12, '0'))::uuid, %(seller)s, %(campaign)s,
    ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, '+1' || (2120000000 + n), '+15125550000',
    'outbound', 'first', 'placed', %(now)s, %(now)s + interval '90 seconds', %(now)s, 'CA' || lpad(to_hex(n), 32, '0'),
    'w1', 'e1', 'ws://127.0.0.1:9', 0
  from generate_series(1, %(count)s) n
)
insert into reservations (attempt_id, budget_id, amount_micro_usd, state, made_at, limit_ids, basis, is_bounded)
select ('00000000-0000-7001-8000-' || lpad(to_hex(n), 12, '0'))::uuid, %(budget)s, 100000, 'held', %(now)s,
  '{}', 0, true
from generate_series(1, %(count)s) n
"""


def ring(database_url: str, count: int) -> tuple[str, str]:
    """Have the attempts 1 to ``count`` ring; the first and the last of their ids. Needs an empty, migrated database."""
    with psycopg.connect(database_url) as db:
        now: datetime = db.execute("select now()").fetchall()[0][0]
    seller, budget = SellerId(new_id()), BudgetId(new_id())
    engine = make_engine(database_url, pool_size=1)
    campaigns = SqlCampaignRepository(engine)
    campaigns.add_seller(Seller(id=seller, registered_name="Lakeside Realty", callback_number="+15125550000"))
    SqlCostRepository(engine).add_budget(Budget(id=budget, seller_id=seller, limit=Money.usd("1000000")))
    campaigns.save(
        Campaign(
            id=campaign_id(1),
            seller_id=seller,
            name="Ringing",
            script="seller_home_value",
            voice="en-us+f2",
            caller_id="+15125550000",
            budget_id=budget,
            state=CampaignState.RUNNING,
            max_concurrency=count,
            created_at=now - timedelta(days=1),
        )
    )
    take_registry(engine, now=now)
    engine.dispose()
    values = {"seller": seller, "budget": budget, "campaign": campaign_id(1), "now": now, "count": count}
    with psycopg.connect(database_url, autocommit=True) as db:
        db.execute("set session_replication_role = replica")
        db.execute(RINGING, values)
        db.execute("analyze")
    return attempt_id(1), attempt_id(count)
