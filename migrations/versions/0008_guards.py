"""What the database itself refuses, whoever writes."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ATTEMPTS = """
create function attempt_rank(state text) returns smallint language sql immutable parallel safe as $$
  select case state
    when 'planned' then 0 when 'dialing' then 1 when 'unknown' then 1 when 'placed' then 2 when 'initiated' then 3
    when 'ringing' then 4 when 'answered' then 5 when 'streaming' then 6 when 'recovering' then 6 else 9 end::smallint
$$;
alter table call_attempts add constraint call_attempts_over_check
  check ((attempt_rank(state) = 9) = (ended_at is not null));

create function guard_attempt() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if attempt_rank(new.state) < attempt_rank(old.state) then
    raise exception 'the rank of attempt % would fall from % to %', old.id, old.state, new.state
      using errcode = 'check_violation', constraint = 'call_attempts_rank';
  end if;
  if attempt_rank(old.state) = 9 and new.state <> old.state then
    raise exception 'attempt % is over as %', old.id, old.state
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
  return new;
end $$;
create trigger guard before update on call_attempts for each row execute function guard_attempt();
"""

LEADS = """
create function keep_opted_out() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  new.status := 'opted_out';
  new.next_attempt_at := null;
  return new;
end $$;
create trigger keep_opted_out before update on leads for each row
  when (old.status = 'opted_out') execute function keep_opted_out();
"""

LEDGER = """
create function refuse_change() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  raise exception '% is append-only', tg_table_name
    using errcode = 'check_violation', constraint = 'ledger_append_only';
end $$;
create trigger append_only before update or delete on ledger_transactions
  for each row execute function refuse_change();
create trigger append_only before update or delete on ledger_entries
  for each row execute function refuse_change();
create trigger no_truncate before truncate on ledger_transactions execute function refuse_change();
create trigger no_truncate before truncate on ledger_entries execute function refuse_change();

create function balance_transaction() returns trigger language plpgsql
  set search_path = pg_catalog, public, pg_temp as $$
begin
  if (select sum(amount_micro_usd) from ledger_entries where transaction_id = new.transaction_id) <> 0 then
    raise exception 'ledger transaction % does not sum to zero', new.transaction_id
      using errcode = 'check_violation', constraint = 'ledger_balance';
  end if;
  return null;
end $$;
create constraint trigger balance after insert on ledger_entries deferrable initially deferred
  for each row execute function balance_transaction();
"""

# An exclusion constraint would need the extension btree_gist. Under the lock the check sees every committed booking.
APPOINTMENTS = """
create function refuse_overlap() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('agent ' || new.agent_id::text, 0));
  if exists (
    select from appointments a
    where a.agent_id = new.agent_id and a.status = 'booked' and a.id <> new.id
      and a.starts_at < new.ends_at and new.starts_at < a.ends_at
  ) then
    raise exception 'the agent already has an appointment then'
      using errcode = 'exclusion_violation', constraint = 'appointments_no_overlap';
  end if;
  return new;
end $$;
create trigger no_overlap before insert or update on appointments
  for each row when (new.status = 'booked') execute function refuse_overlap();
"""


def upgrade() -> None:
    for statements in (ATTEMPTS, LEADS, LEDGER, APPOINTMENTS):
        op.execute(statements)


def downgrade() -> None:
    op.execute(
        """
        drop trigger no_overlap on appointments;
        drop trigger balance on ledger_entries;
        drop trigger no_truncate on ledger_entries;
        drop trigger no_truncate on ledger_transactions;
        drop trigger append_only on ledger_entries;
        drop trigger append_only on ledger_transactions;
        drop trigger keep_opted_out on leads;
        drop trigger guard on call_attempts;
        alter table call_attempts drop constraint call_attempts_over_check;
        drop function refuse_overlap, balance_transaction, refuse_change, keep_opted_out, guard_attempt, attempt_rank;
        """
    )
