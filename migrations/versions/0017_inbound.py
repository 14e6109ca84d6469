"""Calls that come to us: the seller's desk, prepared prompts, tasks for people; reports in parts.

A call that is connected again after its stream broke is reported in parts, one for each stream.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
ID = sa.Uuid(as_uuid=False)

# What a conversation may know beyond the brief itself: of the last talk, of a promise, of what the seller wants.
CONTEXT = """
create view brief_context with (security_barrier = true) as
  select a.id as attempt_id, l.promised_at, last.facts, last.spoken_at, last.attempt_id = a.id as goes_on,
    missed.missed_at,
    case when c.plan ->> 'voicemail' = 'message' then c.plan ->> 'voicemail_text' end as voicemail_text,
    c.plan ->> 'opt_out_number' as opt_out_number, d.transfer_to, d.hours, d.timezone
  from call_attempts a
    join leads l on l.id = a.lead_id
    join campaigns c on c.id = a.campaign_id
    left join inbound_desks d on d.seller_id = a.seller_id
    left join lateral (
      select r.body -> 'facts' as facts, r.ended_at as spoken_at, r.attempt_id
      from call_attempts p join reports r on r.attempt_id = p.id
      where p.lead_id = a.lead_id and r.body ->> 'heard' = 'human'
      order by r.ended_at desc limit 1
    ) last on true
    left join lateral (
      select max(p.dial_started_at) as missed_at
      from call_attempts p
      where p.lead_id = a.lead_id and p.id <> a.id and p.direction = 'outbound' and p.streamed_at is null
    ) missed on true
  where a.ended_at is null;
"""

ASK_FOR_PERSON = """
create function ask_for_person() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into tasks (id, seller_id, lead_id, attempt_id, phone, reason, due_at, made_at)
  select gen_random_uuid(), a.seller_id, a.lead_id, a.id, a.phone, 'wants_person',
    coalesce((new.body ->> 'callback_at')::timestamptz, new.ended_at), new.ended_at
  from call_attempts a where a.id = new.attempt_id
  on conflict do nothing;
  return null;
end $$;
create trigger ask_for_person after insert on reports for each row
  when (new.body ->> 'wants_person' = 'true') execute function ask_for_person();
revoke execute on function ask_for_person() from public;
"""

GRANTS = """
do $if$ begin
  if to_regrole('reauto_app') is not null then
    grant select, insert, update on inbound_desks, prompts, tasks to reauto_app;
    grant select on brief_context to reauto_app;
  end if;
  if to_regrole('reauto_node') is not null then
    grant select on brief_context to reauto_node;
    grant select, insert, update on prompts to reauto_node;
  end if;
end $if$;
"""


def upgrade() -> None:
    _number_parts()
    _let_people_ring_in()
    op.create_table(
        "prompts",
        sa.Column("campaign_id", ID, sa.ForeignKey("campaigns.id", name=op.f("prompts_campaign_id_fkey"))),
        sa.Column("voice", sa.Text()),
        sa.Column("kind", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audio", sa.LargeBinary(), nullable=False),
        sa.Column("rendered_at", AT, nullable=False),
        sa.CheckConstraint("kind in ('inbound', 'recovery', 'voicemail')", name=op.f("prompts_kind_check")),
        sa.PrimaryKeyConstraint("campaign_id", "voice", "kind", name=op.f("prompts_pkey")),
    )
    op.create_table(
        "inbound_desks",
        sa.Column("seller_id", ID, sa.ForeignKey("sellers.id", name=op.f("inbound_desks_seller_id_fkey"))),
        sa.Column("hours", postgresql.JSONB(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("transfer_to", sa.Text(), nullable=True),
        sa.CheckConstraint(r"transfer_to ~ '^\+[1-9][0-9]{6,14}$'", name=op.f("inbound_desks_transfer_to_check")),
        sa.PrimaryKeyConstraint("seller_id", name=op.f("inbound_desks_pkey")),
    )
    _add_tasks()
    for statements in (CONTEXT, ASK_FOR_PERSON, GRANTS):
        op.execute(statements)


def _number_parts() -> None:
    for table in ("reports", "turns"):
        op.add_column(table, sa.Column("part", sa.Integer(), nullable=False, server_default="0"))
        op.alter_column(table, "part", server_default=None)
    op.drop_constraint("turns_attempt_id_fkey", "turns")
    op.drop_constraint("turns_pkey", "turns")
    op.drop_constraint("reports_pkey", "reports")
    op.create_primary_key("reports_pkey", "reports", ["attempt_id", "part"])
    op.create_primary_key("turns_pkey", "turns", ["attempt_id", "part", "number"])
    keys = ["attempt_id", "part"]
    op.create_foreign_key("turns_attempt_id_part_fkey", "turns", "reports", keys, keys)


def _let_people_ring_in() -> None:
    """One live attempt of ours for each phone; people may ring in meanwhile, from a shared line even twice."""
    ours = sa.text("ended_at is null and direction = 'outbound'")
    op.drop_index("call_attempts_one_live_idx", "call_attempts")
    op.create_index("call_attempts_one_live_idx", "call_attempts", ["phone"], unique=True, postgresql_where=ours)
    op.drop_constraint("call_attempts_lead_id_attempt_no_key", "call_attempts")
    numbered = ["lead_id", "direction", "attempt_no"]
    op.create_unique_constraint("call_attempts_lead_id_direction_attempt_no_key", "call_attempts", numbered)


def _add_tasks() -> None:
    reasons = "reason in ('outside_hours', 'full', 'wants_person')"
    op.create_table(
        "tasks",
        sa.Column("id", ID, nullable=False),
        sa.Column("seller_id", ID, sa.ForeignKey("sellers.id", name=op.f("tasks_seller_id_fkey")), nullable=False),
        sa.Column("lead_id", ID, sa.ForeignKey("leads.id", name=op.f("tasks_lead_id_fkey")), nullable=False),
        sa.Column(
            "attempt_id", ID, sa.ForeignKey("call_attempts.id", name=op.f("tasks_attempt_id_fkey")), nullable=False
        ),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("done_at", AT, nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.CheckConstraint(reasons, name=op.f("tasks_reason_check")),
        sa.CheckConstraint(r"phone ~ '^\+[1-9][0-9]{6,14}$'", name=op.f("tasks_phone_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("tasks_pkey")),
        sa.UniqueConstraint("attempt_id", "reason", name=op.f("tasks_attempt_id_reason_key")),
    )
    still_open = sa.text("done_at is null")
    op.create_index("tasks_open_idx", "tasks", ["seller_id", "due_at"], postgresql_where=still_open)


def downgrade() -> None:
    op.execute("drop trigger ask_for_person on reports; drop function ask_for_person; drop view brief_context;")
    for table in ("tasks", "inbound_desks", "prompts"):
        op.drop_table(table)
    op.drop_constraint("call_attempts_lead_id_direction_attempt_no_key", "call_attempts")
    op.create_unique_constraint("call_attempts_lead_id_attempt_no_key", "call_attempts", ["lead_id", "attempt_no"])
    live = sa.text("ended_at is null")
    op.drop_index("call_attempts_one_live_idx", "call_attempts")
    op.create_index("call_attempts_one_live_idx", "call_attempts", ["phone"], unique=True, postgresql_where=live)
    op.drop_constraint("turns_attempt_id_part_fkey", "turns")
    op.execute("delete from turns where part > 0; delete from reports where part > 0;")
    op.drop_constraint("turns_pkey", "turns")
    op.drop_constraint("reports_pkey", "reports")
    op.create_primary_key("reports_pkey", "reports", ["attempt_id"])
    op.create_primary_key("turns_pkey", "turns", ["attempt_id", "number"])
    op.create_foreign_key("turns_attempt_id_fkey", "turns", "reports", ["attempt_id"], ["attempt_id"])
    for table in ("turns", "reports"):
        op.drop_column(table, "part")
