"""Appointments that are moved, cancelled, kept or missed; call-backs in another language.

The voice node may insert a cancellation and nothing more: what it does to the appointment is the database's own, which
sees to it that it is of the lead whom the call was with.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

CANCEL = """
create function cancel_appointment() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.attempt_id is not null and not exists (
    select from appointments a join call_attempts c on c.lead_id = a.lead_id
    where a.id = new.appointment_id and c.id = new.attempt_id
  ) then
    raise exception 'appointment % is not of the lead of call %', new.appointment_id, new.attempt_id
      using errcode = 'foreign_key_violation', constraint = 'cancellations_theirs';
  end if;
  update appointments set status = 'cancelled' where id = new.appointment_id and status = 'booked';
  return null;
end $$;
create trigger cancel_appointment after insert on cancellations
  for each row execute function cancel_appointment();
revoke execute on function cancel_appointment() from public;
alter table cancellations enable row level security;
"""

BOOKED = """
create {or_replace} view brief_booked with (security_barrier = true) as
  select id, seller_id, agent_id, lead_id, attempt_id, starts_at, ends_at, timezone, status {more}
  from appointments where status = 'booked';
"""

ASK_FOR_PERSON = """
create or replace function ask_for_person() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into tasks (id, seller_id, lead_id, attempt_id, phone, reason, due_at, made_at{column})
  select gen_random_uuid(), a.seller_id, a.lead_id, a.id, a.phone, {reason},
    coalesce((new.body ->> 'callback_at')::timestamptz, new.ended_at), new.ended_at{value}
  from call_attempts a where a.id = new.attempt_id
  on conflict do nothing;
  return null;
end $$;
drop trigger ask_for_person on reports;
create trigger ask_for_person after insert on reports for each row when ({when}) execute function ask_for_person();
"""
WANTS_PERSON = "new.body ->> 'wants_person' = 'true'"
IN_A_LANGUAGE = "new.body ->> 'callback_language' <> ''"

GRANTS = """
do $if$ begin
  if to_regrole('reauto_app') is not null then
    grant select, insert on cancellations to reauto_app;
    create policy app on cancellations to reauto_app using (true) with check (true);
  end if;
  if to_regrole('reauto_node') is not null then
    grant insert on cancellations to reauto_node;
    create policy node on cancellations for insert to reauto_node with check (attempt_id is not null);
  end if;
end $if$;
"""
VIEW_GRANTS = """
do $if$ begin
  if to_regrole('reauto_app') is not null then grant select on brief_booked to reauto_app; end if;
  if to_regrole('reauto_node') is not null then grant select on brief_booked to reauto_node; end if;
end $if$;
"""


def upgrade() -> None:
    _let_status_be("booked", "cancelled", "kept", "missed")
    op.add_column("appointments", sa.Column("moved_from", sa.Uuid(as_uuid=False), nullable=True))
    op.create_foreign_key(op.f("appointments_moved_from_fkey"), "appointments", "appointments", ["moved_from"], ["id"])
    op.create_table(
        "cancellations",
        sa.Column("appointment_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("attempt_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("cancellations_appointment_id_fkey")
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["call_attempts.id"], name=op.f("cancellations_attempt_id_fkey")),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("cancellations_pkey")),
    )
    op.add_column("tasks", sa.Column("language", sa.Text(), nullable=True))
    _let_reason_be("outside_hours", "full", "wants_person", "language")
    op.execute(CANCEL)
    op.execute(GRANTS)
    op.execute(BOOKED.format(or_replace="or replace", more=", moved_from"))
    op.execute(
        ASK_FOR_PERSON.format(
            column=", language",
            reason=f"case when {WANTS_PERSON} then 'wants_person' else 'language' end",
            value=", nullif(new.body ->> 'callback_language', '')",
            when=f"{WANTS_PERSON} or {IN_A_LANGUAGE}",
        )
    )


def downgrade() -> None:
    op.execute(ASK_FOR_PERSON.format(column="", reason="'wants_person'", value="", when=WANTS_PERSON))
    op.execute("drop view brief_booked")
    op.execute(BOOKED.format(or_replace="", more=""))
    op.execute(VIEW_GRANTS)
    op.drop_table("cancellations")
    op.execute("drop function cancel_appointment")
    op.execute("delete from tasks where reason = 'language'")
    _let_reason_be("outside_hours", "full", "wants_person")
    op.drop_column("tasks", "language")
    op.drop_constraint(op.f("appointments_moved_from_fkey"), "appointments")
    op.drop_column("appointments", "moved_from")
    op.execute("update appointments set status = 'cancelled' where status in ('kept', 'missed')")
    _let_status_be("booked", "cancelled")


def _let_status_be(*words: str) -> None:
    _let("appointments", "status", words)


def _let_reason_be(*words: str) -> None:
    _let("tasks", "reason", words)


def _let(table: str, column: str, words: tuple[str, ...]) -> None:
    name = op.f(f"{table}_{column}_check")
    op.drop_constraint(name, table)
    op.create_check_constraint(name, table, f"{column} in ({', '.join(repr(word) for word in words)})")
