"""Every score that a call was given, by the call itself and by whatever analysed it later; only ever appended to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

GRANTS = """
do $if$ begin
  if to_regrole('reauto_app') is not null then grant select, insert on scores to reauto_app; end if;
end $if$;
"""


def upgrade() -> None:
    op.create_table(
        "scores",
        sa.Column("attempt_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.CheckConstraint("points between 0 and 100", name=op.f("scores_points_check")),
        sa.ForeignKeyConstraint(["attempt_id"], ["call_attempts.id"], name=op.f("scores_attempt_id_fkey")),
        sa.PrimaryKeyConstraint("attempt_id", "source", name=op.f("scores_pkey")),
    )
    op.execute(GRANTS)


def downgrade() -> None:
    op.drop_table("scores")
