"""Sellers, budgets and campaigns."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sellers",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("registered_name", sa.Text(), nullable=False),
        sa.Column("callback_number", sa.Text(), nullable=False),
        sa.CheckConstraint("callback_number ~ '^\\+[1-9][0-9]{6,14}$'", name=op.f("sellers_callback_number_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("sellers_pkey")),
    )
    op.create_table(
        "budgets",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("seller_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("limit_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("pending_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("posted_micro_usd", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("pending_micro_usd >= 0 and posted_micro_usd >= 0", name=op.f("budgets_not_negative_check")),
        sa.CheckConstraint(
            "posted_micro_usd + pending_micro_usd <= limit_micro_usd", name=op.f("budgets_not_overspent_check")
        ),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("budgets_seller_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("budgets_pkey")),
    )
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("seller_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("script", sa.Text(), nullable=False),
        sa.Column("voice", sa.Text(), nullable=False),
        sa.Column("caller_id", sa.Text(), nullable=False),
        sa.Column("budget_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("paused_because", sa.Text(), nullable=True),
        sa.Column("max_concurrency", sa.Integer(), nullable=False),
        sa.Column("ring_timeout", sa.Interval(), nullable=False),
        sa.Column("time_limit", sa.Interval(), nullable=False),
        sa.Column("cadence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("caller_id ~ '^\\+[1-9][0-9]{6,14}$'", name=op.f("campaigns_caller_id_check")),
        sa.CheckConstraint(
            "state in ('draft', 'scheduled', 'running', 'paused', 'completed')", name=op.f("campaigns_state_check")
        ),
        sa.CheckConstraint("max_concurrency > 0", name=op.f("campaigns_max_concurrency_check")),
        sa.ForeignKeyConstraint(["budget_id"], ["budgets.id"], name=op.f("campaigns_budget_id_fkey")),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("campaigns_seller_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("campaigns_pkey")),
    )
    op.create_table(
        "openings",
        sa.Column("campaign_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("voice", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audio", sa.LargeBinary(), nullable=False),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("openings_campaign_id_fkey")),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("openings_pkey")),
    )


def downgrade() -> None:
    op.drop_table("openings")
    op.drop_table("campaigns")
    op.drop_table("budgets")
    op.drop_table("sellers")
