"""Agents and appointments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("seller_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("hours", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("agents_seller_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("agents_pkey")),
    )
    op.create_table(
        "appointments",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("seller_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("agent_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("lead_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("attempt_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.CheckConstraint("status in ('booked', 'cancelled')", name=op.f("appointments_status_check")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("appointments_length_check")),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("appointments_agent_id_fkey")),
        sa.ForeignKeyConstraint(["attempt_id"], ["call_attempts.id"], name=op.f("appointments_attempt_id_fkey")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("appointments_lead_id_fkey")),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("appointments_seller_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("appointments_pkey")),
    )
    op.create_index(
        "appointments_booked_idx",
        "appointments",
        ["agent_id", "starts_at"],
        unique=False,
        postgresql_where=sa.text("status = 'booked'"),
    )
    op.create_index("appointments_lead_id_idx", "appointments", ["lead_id"], unique=False)


def downgrade() -> None:
    op.drop_table("appointments")
    op.drop_table("agents")
