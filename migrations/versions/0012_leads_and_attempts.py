"""What a lead wants and was promised, and why, until when and where an attempt may talk."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

LEADS = ("promised_at", "zone_confirmed_at", "spoken_at")


def upgrade() -> None:
    op.add_column("leads", sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("leads", sa.Column("hours", postgresql.JSONB(), nullable=False, server_default="[]"))
    op.add_column("leads", sa.Column("variant", sa.Text(), nullable=True))
    for name in LEADS:
        op.add_column("leads", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.alter_column("leads", "priority", server_default=None)
    op.alter_column("leads", "hours", server_default=None)
    op.drop_index("leads_due_idx", "leads")
    op.create_index(
        "leads_due_idx",
        "leads",
        ["campaign_id", sa.text("priority desc"), "next_attempt_at"],
        postgresql_where=sa.text("status = 'ready'"),
    )
    op.add_column("call_attempts", sa.Column("purpose", sa.Text(), nullable=False, server_default="first"))
    op.alter_column("call_attempts", "purpose", server_default=None)
    op.create_check_constraint(
        op.f("call_attempts_purpose_check"),
        "call_attempts",
        "purpose in ('first', 'retry', 'callback', 'inbound')",
    )
    op.add_column("call_attempts", sa.Column("variant", sa.Text(), nullable=True))
    op.add_column("call_attempts", sa.Column("worker_url", sa.Text(), nullable=True))
    op.add_column("call_attempts", sa.Column("talk_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in ("talk_until", "worker_url", "variant", "purpose"):
        op.drop_column("call_attempts", name)
    op.drop_index("leads_due_idx", "leads")
    op.create_index(
        "leads_due_idx", "leads", ["campaign_id", "next_attempt_at"], postgresql_where=sa.text("status = 'ready'")
    )
    for name in (*LEADS, "variant", "hours", "priority"):
        op.drop_column("leads", name)
