"""The dial protocol: stop switches, call-backs first, and what the database itself refuses of attempts and leads."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

GRANTS = """
do $if$ begin if to_regrole('reauto_app') is not null then
  grant select, insert, update on stop_switches to reauto_app;
end if; end $if$;
"""

# Endings of our own making are for attempts that the carrier has not taken: what it took only it can end.
ATTEMPT_EXITS = """
create function guard_attempt_exit() returns trigger language plpgsql
  set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.state <> old.state and (new.state = 'cancelled' and old.state <> 'planned'
      or new.state in ('rejected', 'not_placed') and attempt_rank(old.state) > 1) then
    raise exception 'attempt % cannot go from % to %', old.id, old.state, new.state
      using errcode = 'check_violation', constraint = 'call_attempts_exit';
  end if;
  if old.dial_started_at is not null and new.dial_started_at is null then
    raise exception 'attempt % was dialled', old.id
      using errcode = 'check_violation', constraint = 'call_attempts_exit';
  end if;
  return new;
end $$;
create trigger guard_exit before update of state, dial_started_at on call_attempts
  for each row execute function guard_attempt_exit();
"""

# Its name comes after keep_opted_out, which has the first word on every change.
LEAD_MOVES = """
create function lead_may_move(was text, becomes text, promised boolean) returns boolean
  language sql immutable parallel safe as $$
  select case
    when was = becomes then true
    when becomes = 'new' then false
    when becomes = 'claimed' then was = 'ready'
    when becomes = 'ready' and was in ('qualified', 'not_qualified', 'not_interested', 'invalid') then promised
    else true
  end
$$;
create function move_lead() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not lead_may_move(old.status, new.status, new.promised_at is not null) then
    raise exception 'lead % cannot go from % to %', old.id, old.status, new.status
      using errcode = 'check_violation', constraint = 'leads_moves';
  end if;
  if old.status in ('claimed', 'in_call') and new.status = 'ready' and exists (
    select from call_attempts a where a.lead_id = old.id and a.ended_at is null
  ) then
    raise exception 'lead % is being called', old.id
      using errcode = 'check_violation', constraint = 'leads_moves';
  end if;
  return new;
end $$;
create trigger move_lead before update of status on leads
  for each row when (old.status is distinct from new.status) execute function move_lead();
"""


def upgrade() -> None:
    op.create_table(
        "stop_switches",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("target", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.CheckConstraint("scope in ('all', 'seller', 'campaign')", name=op.f("stop_switches_scope_check")),
        sa.CheckConstraint("(scope = 'all') = (target is null)", name=op.f("stop_switches_target_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("stop_switches_pkey")),
    )
    op.create_index(
        "stop_switches_thrown_idx",
        "stop_switches",
        ["scope", "target"],
        unique=True,
        postgresql_where=sa.text("lifted_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(
        "leads_promised_idx",
        "leads",
        ["campaign_id", "next_attempt_at"],
        postgresql_where=sa.text("status = 'ready' and promised_at is not null"),
    )
    op.create_index(
        "call_attempts_unclosed_idx",
        "call_attempts",
        ["ended_at"],
        postgresql_where=sa.text("disposition is null and ended_at is not null"),
    )
    op.create_index("leads_claimed_idx", "leads", ["seq"], postgresql_where=sa.text("status in ('claimed', 'in_call')"))
    op.create_index("reservations_held_idx", "reservations", ["attempt_id"], postgresql_where=sa.text("state = 'held'"))
    for statements in (GRANTS, ATTEMPT_EXITS, LEAD_MOVES):
        op.execute(statements)


def downgrade() -> None:
    op.execute(
        """
        drop trigger move_lead on leads;
        drop trigger guard_exit on call_attempts;
        drop function move_lead, lead_may_move, guard_attempt_exit;
        """
    )
    for name, table in (
        ("reservations_held_idx", "reservations"),
        ("leads_claimed_idx", "leads"),
        ("call_attempts_unclosed_idx", "call_attempts"),
        ("leads_promised_idx", "leads"),
    ):
        op.drop_index(name, table)
    op.drop_table("stop_switches")
