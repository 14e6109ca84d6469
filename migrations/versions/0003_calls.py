"""Call attempts, decisions and the inbox of callbacks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_attempts",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("seller_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("campaign_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("lead_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("attempt_no", sa.Integer(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("caller_id", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dial_deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dial_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_sid", sa.Text(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("slot_epoch", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("streamed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("provider_result", sa.Text(), nullable=True),
        sa.Column("duration_seconds", sa.Integer(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("recoveries", sa.Integer(), nullable=False),
        sa.Column("disposition", sa.Text(), nullable=True),
        sa.CheckConstraint("direction in ('outbound', 'inbound')", name=op.f("call_attempts_direction_check")),
        sa.CheckConstraint("phone ~ '^\\+[1-9][0-9]{6,14}$'", name=op.f("call_attempts_phone_check")),
        sa.CheckConstraint(
            "state in ('planned', 'dialing', 'unknown', 'placed', 'initiated', 'ringing', 'answered', "
            "'streaming', 'recovering', 'ended', 'cancelled', 'rejected', 'not_placed')",
            name=op.f("call_attempts_state_check"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("call_attempts_campaign_id_fkey")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("call_attempts_lead_id_fkey")),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("call_attempts_seller_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("call_attempts_pkey")),
        sa.UniqueConstraint("lead_id", "attempt_no", name=op.f("call_attempts_lead_id_attempt_no_key")),
        sa.UniqueConstraint("provider_sid", name=op.f("call_attempts_provider_sid_key")),
    )
    op.create_index(
        "call_attempts_live_idx",
        "call_attempts",
        ["campaign_id"],
        unique=False,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index(
        "call_attempts_one_live_idx",
        "call_attempts",
        ["phone"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index("call_attempts_phone_idx", "call_attempts", ["phone", "dial_started_at"], unique=False)
    op.create_table(
        "permissions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("seller_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("lead_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("attempt_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("decisions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("verdict in ('allow', 'deny', 'defer')", name=op.f("permissions_verdict_check")),
        sa.ForeignKeyConstraint(["attempt_id"], ["call_attempts.id"], name=op.f("permissions_attempt_id_fkey")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("permissions_lead_id_fkey")),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("permissions_seller_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("permissions_pkey")),
    )
    op.create_index("permissions_lead_id_idx", "permissions", ["lead_id"], unique=False)
    op.create_table(
        "call_events",
        sa.Column("attempt_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["call_attempts.id"], name=op.f("call_events_attempt_id_fkey")),
        sa.PrimaryKeyConstraint("attempt_id", "kind", "dedupe_key", name=op.f("call_events_pkey")),
    )


def downgrade() -> None:
    op.drop_table("call_events")
    op.drop_table("permissions")
    op.drop_table("call_attempts")
