"""What is found out about calls behind them: the node takes the orders and adds what it found, and reads none of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

GRANTS = """
do $if$ begin
  if to_regrole('reauto_app') is not null then
    grant select, insert on call_analyses to reauto_app;
  end if;
  if to_regrole('reauto_node') is not null then
    grant insert on call_analyses to reauto_node;
    alter policy node on outbox using (topic in ('render', 'analyse'))
      with check (topic in ('render', 'analyse', 'dispatch'));
  end if;
end $if$;
"""
BACK = """
do $if$ begin
  if to_regrole('reauto_node') is not null then
    alter policy node on outbox using (topic = 'render') with check (topic in ('render', 'dispatch'));
  end if;
end $if$;
"""


def upgrade() -> None:
    op.create_table(
        "call_analyses",
        sa.Column("attempt_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("analysed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["call_attempts.id"], name=op.f("call_analyses_attempt_id_fkey")),
        sa.PrimaryKeyConstraint("attempt_id", "analysed_at", name=op.f("call_analyses_pkey")),
    )
    op.execute(GRANTS)


def downgrade() -> None:
    op.execute(BACK)
    op.drop_table("call_analyses")
