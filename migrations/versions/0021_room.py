"""Rows that change often have room to change in their place, and guards are called only when they have a say."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ROOM = {"call_attempts": 75, "leads": 85, "outbox": 60}

SELDOM = """
create or replace trigger guard before update on call_attempts for each row
  when (attempt_rank(new.state) < attempt_rank(old.state)
    or attempt_rank(old.state) = 9 and new.state <> old.state
    or old.ended_at is not null and new.ended_at is null
    or old.provider_sid is not null and new.provider_sid is distinct from old.provider_sid)
  execute function guard_attempt();
create or replace trigger guard_exit before update of state, dial_started_at on call_attempts for each row
  when (old.state <> new.state and new.state in ('cancelled', 'rejected', 'not_placed')
    or old.dial_started_at is not null and new.dial_started_at is null)
  execute function guard_attempt_exit();
"""
ALWAYS = """
create or replace trigger guard before update on call_attempts for each row execute function guard_attempt();
create or replace trigger guard_exit before update of state, dial_started_at on call_attempts
  for each row execute function guard_attempt_exit();
"""


def upgrade() -> None:
    for table, percent in ROOM.items():
        op.execute(f"alter table {table} set (fillfactor = {percent})")
    op.execute(SELDOM)


def downgrade() -> None:
    op.execute(ALWAYS)
    for table in ROOM:
        op.execute(f"alter table {table} reset (fillfactor)")
