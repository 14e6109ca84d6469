"""Guards cost a tenth of what they did: one for attempts, none that sets a search path, none written into the tables.

A condition of a trigger and a check are read and planned anew by every statement that writes, a function's own
conditions once in the life of a connection. A function that sets a search path spends most of its time on that; what
these are called with is named in full instead, and nobody who writes may put functions or operators in its way.
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ATTEMPTS = """
drop trigger guard_exit on call_attempts;
drop function guard_attempt_exit;
create or replace function guard_attempt() returns trigger language plpgsql as $$
begin
  if public.attempt_rank(new.state) < public.attempt_rank(old.state) then
    raise exception 'the rank of attempt % would fall from % to %', old.id, old.state, new.state
      using errcode = 'check_violation', constraint = 'call_attempts_rank';
  end if;
  if old.ended_at is not null and new.ended_at is null then
    raise exception 'the end of attempt % stands', old.id
      using errcode = 'check_violation', constraint = 'call_attempts_end';
  end if;
  if old.provider_sid is not null and new.provider_sid is distinct from old.provider_sid then
    raise exception 'attempt % is bound to another call', old.id
      using errcode = 'check_violation', constraint = 'call_attempts_sid';
  end if;
  if old.dial_started_at is not null and new.dial_started_at is null then
    raise exception 'attempt % was dialled', old.id
      using errcode = 'check_violation', constraint = 'call_attempts_exit';
  end if;
  if new.state = old.state then
    return new;
  end if;
  if public.attempt_rank(old.state) = 9 then
    raise exception 'attempt % is over as %', old.id, old.state
      using errcode = 'check_violation', constraint = 'call_attempts_rank';
  end if;
  if new.state = 'cancelled' and old.state <> 'planned'
      or new.state in ('rejected', 'not_placed') and public.attempt_rank(old.state) > 1 then
    raise exception 'attempt % cannot go from % to %', old.id, old.state, new.state
      using errcode = 'check_violation', constraint = 'call_attempts_exit';
  end if;
  return new;
end $$;
create or replace trigger guard before update on call_attempts for each row execute function guard_attempt();
alter table call_attempts drop constraint call_attempts_over_check;
alter table call_attempts add constraint call_attempts_over_check
  check ((state in ('ended', 'cancelled', 'rejected', 'not_placed')) = (ended_at is not null));
"""

LEADS = """
create or replace function move_lead() returns trigger language plpgsql as $$
begin
  if not public.lead_may_move(old.status, new.status, new.promised_at is not null) then
    raise exception 'lead % cannot go from % to %', old.id, old.status, new.status
      using errcode = 'check_violation', constraint = 'leads_moves';
  end if;
  if old.status in ('claimed', 'in_call') and new.status = 'ready' and exists (
    select from public.call_attempts a where a.lead_id = old.id and a.ended_at is null
  ) then
    raise exception 'lead % is being called', old.id
      using errcode = 'check_violation', constraint = 'leads_moves';
  end if;
  return new;
end $$;
"""

MONEY = """
alter function guard_budget reset search_path;
create or replace function balance_transaction() returns trigger language plpgsql as $$
begin
  if (select sum(amount_micro_usd) from public.ledger_entries where transaction_id = new.transaction_id) <> 0 then
    raise exception 'ledger transaction % does not sum to zero', new.transaction_id
      using errcode = 'check_violation', constraint = 'ledger_balance';
  end if;
  return null;
end $$;
"""

# What was there before, by other migrations: the bodies as they are do no harm.
BACK = """
alter table call_attempts drop constraint call_attempts_over_check;
alter table call_attempts add constraint call_attempts_over_check
  check ((attempt_rank(state) = 9) = (ended_at is not null));
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
create or replace trigger guard before update on call_attempts for each row
  when (attempt_rank(new.state) < attempt_rank(old.state)
    or attempt_rank(old.state) = 9 and new.state <> old.state
    or old.ended_at is not null and new.ended_at is null
    or old.provider_sid is not null and new.provider_sid is distinct from old.provider_sid)
  execute function guard_attempt();
create trigger guard_exit before update of state, dial_started_at on call_attempts for each row
  when (old.state <> new.state and new.state in ('cancelled', 'rejected', 'not_placed')
    or old.dial_started_at is not null and new.dial_started_at is null)
  execute function guard_attempt_exit();
alter function guard_attempt set search_path = pg_catalog, public, pg_temp;
alter function move_lead set search_path = pg_catalog, public, pg_temp;
alter function guard_budget set search_path = pg_catalog, public, pg_temp;
alter function balance_transaction set search_path = pg_catalog, public, pg_temp;
"""


def upgrade() -> None:
    for statements in (ATTEMPTS, LEADS, MONEY):
        op.execute(statements)


def downgrade() -> None:
    op.execute(BACK)
