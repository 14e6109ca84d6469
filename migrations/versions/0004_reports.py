"""What the voice node tells: reports and turns."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("attempt_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["call_attempts.id"], name=op.f("reports_attempt_id_fkey")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("reports_pkey")),
    )
    op.create_table(
        "turns",
        sa.Column("attempt_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("started", sa.Float(), nullable=False),
        sa.Column("ended", sa.Float(), nullable=False),
        sa.Column("interrupted", sa.Boolean(), nullable=False),
        sa.Column("latency_ms", sa.Float(), nullable=True),
        sa.CheckConstraint("speaker in ('agent', 'caller')", name=op.f("turns_speaker_check")),
        sa.ForeignKeyConstraint(["attempt_id"], ["reports.attempt_id"], name=op.f("turns_attempt_id_fkey")),
        sa.PrimaryKeyConstraint("attempt_id", "number", name=op.f("turns_pkey")),
    )


def downgrade() -> None:
    op.drop_table("turns")
    op.drop_table("reports")
