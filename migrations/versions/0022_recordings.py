"""What is written down about recordings, and what the node must know before it makes one."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

CONTEXT = """
create {or_replace} view brief_context with (security_barrier = true) as
  select a.id as attempt_id, l.promised_at, last.facts, last.spoken_at, last.attempt_id = a.id as goes_on,
    missed.missed_at,
    case when c.plan ->> 'voicemail' = 'message' then c.plan ->> 'voicemail_text' end as voicemail_text,
    c.plan ->> 'opt_out_number' as opt_out_number, d.transfer_to, d.hours, d.timezone {more}
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
MORE = """, coalesce((c.plan ->> 'recorded')::boolean, true) as recorded,
    exists (
      select from call_attempts p join reports r on r.attempt_id = p.id
      where p.lead_id = a.lead_id and r.body ->> 'off_the_record' = 'true'
    ) as off_the_record,
    (
      select jsonb_agg(r.body ->> 'recording_path' order by r.part) from reports r
      where r.attempt_id = a.id and r.body ->> 'recording_path' is not null
    ) as recordings"""

GRANTS = """
do $if$ begin
  if to_regrole('reauto_app') is not null then grant select, insert on recording_notes to reauto_app; end if;
end $if$;
"""
VIEW_GRANTS = """
do $if$ begin
  if to_regrole('reauto_app') is not null then grant select on brief_context to reauto_app; end if;
  if to_regrole('reauto_node') is not null then grant select on brief_context to reauto_node; end if;
end $if$;
"""


def upgrade() -> None:
    op.create_table(
        "recording_notes",
        sa.Column("seq", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint("kind in ('listened', 'expired')", name=op.f("recording_notes_kind_check")),
        sa.PrimaryKeyConstraint("seq", name=op.f("recording_notes_pkey")),
    )
    op.create_index("recording_notes_name_idx", "recording_notes", ["name"])
    op.execute(CONTEXT.format(or_replace="or replace", more=MORE))
    op.execute(GRANTS)


def downgrade() -> None:
    op.execute("drop view brief_context")
    op.execute(CONTEXT.format(or_replace="", more=""))
    op.execute(VIEW_GRANTS)
    op.drop_table("recording_notes")
