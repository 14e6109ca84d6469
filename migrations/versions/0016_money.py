"""Limits by period, holds in the ledger, spending beyond a hold, alerts, and the carrier's usage beside ours."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

PERIODS = "period in ('total', 'day', 'week', 'month')"
MOMENTS = ("planned_at", "ended_at")
LEVELS = "level in ('warning', 'critical', 'emergency')"

# A carrier's bill is a fact: it may pass a limit. A hold may not, whoever writes it.
GUARD = """
create function guard_budget() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.pending_micro_usd > old.pending_micro_usd
      and new.posted_micro_usd + new.pending_micro_usd > new.limit_micro_usd then
    raise exception 'budget % has no room for what would be held', old.id
      using errcode = 'check_violation', constraint = 'budgets_not_overspent_check';
  end if;
  return new;
end $$;
create trigger guard before update on budgets for each row execute function guard_budget();
"""

# Whatever is held now enters the ledger on the way up, and leaves it on the way down: the ledger itself only grows.
HOLDS = """
with held as materialized (
  select gen_random_uuid() as id, attempt_id, budget_id, amount_micro_usd, made_at from reservations
  where state = 'held'
), heads as (
  insert into ledger_transactions (id, ref, kind, at)
  select id, 'migrated/' || attempt_id || '/' || id, '{kind}', made_at from held
)
insert into ledger_entries (transaction_id, number, account, amount_micro_usd)
  select h.id, side.number, side.account || '/' || h.budget_id, side.sign * h.amount_micro_usd
  from held h cross join (values (1, 'held', {sign}), (2, 'budget', -({sign}))) as side (number, account, sign)
  where h.amount_micro_usd <> 0;
"""

GRANTS = """
do $if$ begin if to_regrole('reauto_app') is not null then
  grant select, insert, update on spending_limits, money_alerts, usage_checks to reauto_app;
end if; end $if$;
"""

NO_PERIODS = """
update budgets set limit_micro_usd = greatest(limit_micro_usd, posted_micro_usd + pending_micro_usd);
delete from budgets b where scope <> 'campaign'
  and not exists (select from reservations r where r.budget_id = b.id);
"""


def upgrade() -> None:
    op.alter_column("budgets", "seller_id", nullable=True)
    op.add_column("budgets", sa.Column("scope", sa.Text(), nullable=False, server_default="campaign"))
    op.add_column("budgets", sa.Column("period", sa.Text(), nullable=False, server_default="total"))
    op.add_column("budgets", sa.Column("period_start", sa.Date(), nullable=True))
    op.add_column("budgets", sa.Column("overdrawn_micro_usd", sa.BigInteger(), nullable=False, server_default="0"))
    for name in ("scope", "period", "overdrawn_micro_usd"):
        op.alter_column("budgets", name, server_default=None)
    scopes = "scope in ('campaign', 'inbound', 'seller', 'installation')"
    op.create_check_constraint(op.f("budgets_scope_check"), "budgets", scopes)
    op.create_check_constraint(op.f("budgets_period_check"), "budgets", PERIODS)
    op.create_check_constraint(op.f("budgets_start_check"), "budgets", "(period = 'total') = (period_start is null)")
    op.create_check_constraint(op.f("budgets_owner_check"), "budgets", "(scope = 'installation') = (seller_id is null)")
    op.drop_constraint(op.f("budgets_not_negative_check"), "budgets")
    op.create_check_constraint(
        op.f("budgets_not_negative_check"),
        "budgets",
        "pending_micro_usd >= 0 and posted_micro_usd >= 0 and overdrawn_micro_usd >= 0",
    )
    op.drop_constraint(op.f("budgets_not_overspent_check"), "budgets")
    op.create_check_constraint(
        op.f("budgets_not_overspent_check"),
        "budgets",
        "posted_micro_usd + pending_micro_usd <= limit_micro_usd + overdrawn_micro_usd",
    )
    op.create_index("budgets_period_idx", "budgets", ["period", "period_start"])
    op.execute(GUARD)
    ids = postgresql.ARRAY(sa.Uuid(as_uuid=False))
    op.add_column("reservations", sa.Column("limit_ids", ids, nullable=False, server_default="{}"))
    op.add_column("reservations", sa.Column("basis", sa.Integer(), nullable=False, server_default="0"))
    for name in ("limit_ids", "basis"):
        op.alter_column("reservations", name, server_default=None)
    op.create_index("reservations_made_at_idx", "reservations", ["made_at"])
    op.create_index("ledger_transactions_at_idx", "ledger_transactions", ["at"])
    op.execute(HOLDS.format(kind="reservation", sign=1))
    for name in MOMENTS:
        op.create_index(f"call_attempts_{name}_idx", "call_attempts", [name], postgresql_using="brin")
    _add_tables()
    op.execute(GRANTS)


def _add_tables() -> None:
    op.create_table(
        "spending_limits",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("seller_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("limit_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("scope in ('seller', 'installation')", name=op.f("spending_limits_scope_check")),
        sa.CheckConstraint("period in ('day', 'week', 'month')", name=op.f("spending_limits_period_check")),
        sa.CheckConstraint("(scope = 'installation') = (seller_id is null)", name=op.f("spending_limits_owner_check")),
        sa.CheckConstraint("limit_micro_usd >= 0", name=op.f("spending_limits_not_negative_check")),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("spending_limits_seller_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("spending_limits_pkey")),
    )
    op.create_table(
        "money_alerts",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("seller_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(LEVELS, name=op.f("money_alerts_level_check")),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("money_alerts_seller_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("money_alerts_pkey")),
        sa.UniqueConstraint("key", name=op.f("money_alerts_key_key")),
    )
    op.create_index("money_alerts_at_idx", "money_alerts", ["at"])
    op.create_table(
        "usage_checks",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("our_count", sa.Integer(), nullable=False),
        sa.Column("our_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("their_count", sa.Integer(), nullable=False),
        sa.Column("their_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("gaps", postgresql.JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", "category", name=op.f("usage_checks_pkey")),
    )


def downgrade() -> None:
    for table in ("usage_checks", "money_alerts", "spending_limits"):
        op.drop_table(table)
    op.execute("drop trigger guard on budgets; drop function guard_budget")
    op.execute(HOLDS.format(kind="void", sign=-1))
    op.execute(NO_PERIODS)
    for name in MOMENTS:
        op.drop_index(f"call_attempts_{name}_idx", "call_attempts")
    op.drop_index("ledger_transactions_at_idx", "ledger_transactions")
    op.drop_index("reservations_made_at_idx", "reservations")
    for name in ("basis", "limit_ids"):
        op.drop_column("reservations", name)
    op.drop_index("budgets_period_idx", "budgets")
    for name in ("not_overspent", "not_negative", "owner", "start", "period", "scope"):
        op.drop_constraint(op.f(f"budgets_{name}_check"), "budgets")
    op.create_check_constraint(
        op.f("budgets_not_negative_check"), "budgets", "pending_micro_usd >= 0 and posted_micro_usd >= 0"
    )
    op.create_check_constraint(
        op.f("budgets_not_overspent_check"), "budgets", "posted_micro_usd + pending_micro_usd <= limit_micro_usd"
    )
    for name in ("overdrawn_micro_usd", "period_start", "period", "scope"):
        op.drop_column("budgets", name)
    op.alter_column("budgets", "seller_id", nullable=False)
