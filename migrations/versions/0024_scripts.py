"""Scripts have versions: what was published is kept for good, and every call is told the whole script it speaks.

A call without a version of its own in its campaign speaks the newest that was published when it was planned: a later
one changes nothing about it, even where its line breaks and it goes on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

GUARD = """
create function keep_script_version() returns trigger language plpgsql as $$
begin
  raise exception 'version % of script % is published and stays as it is', old.number, old.name
    using errcode = 'check_violation', constraint = 'script_versions_published';
end $$;
create trigger keep before update or delete on script_versions for each row execute function keep_script_version();
"""

GRANTS = """
do $if$ begin
  if to_regrole('reauto_app') is not null then
    grant select, insert on scripts, script_versions to reauto_app;
    grant select, insert, update, delete on script_drafts to reauto_app;
  end if;
end $if$;
"""

BRIEFS = """
create {or_replace} view briefs with (security_barrier = true) as
  select a.id as attempt_id, a.campaign_id, a.seller_id, a.lead_id, a.phone, a.direction,
    s.registered_name, s.callback_number, coalesce(v.voice, c.voice) as voice, {script} as script,
    coalesce(a.time_limit, c.time_limit) as time_limit, o.text as opening_text, o.audio as opening_audio,
    l.first_name, l.last_name, l.kind, l.subject, l.source, l.asked_at, l.timezone {more}
  from call_attempts a
    join leads l on l.id = a.lead_id
    join campaigns c on c.id = a.campaign_id
    join sellers s on s.id = a.seller_id
    left join lateral (
      select one ->> 'script' as script, one ->> 'voice' as voice
      from jsonb_array_elements(c.plan #> '{{experiment,variants}}') one where one ->> 'name' = a.variant
    ) v on true
    left join openings o on o.campaign_id = a.campaign_id and o.voice = coalesce(v.voice, c.voice)
    {from_scripts}
  where a.ended_at is null;
"""
SCRIPT = "coalesce(v.script, c.script)"
FROM_SCRIPTS = """
    cross join lateral (
      select case
        when a.direction = 'inbound' and c.plan ->> 'inbound_script' is not null then c.plan ->> 'inbound_script'
        when a.direction = 'inbound' and l.first_name = '' then 'inbound'
        else coalesce(v.script, c.script)
      end as wanted
    ) w
    left join lateral (
      select p.number, p.body from script_versions p
      where p.name = split_part(w.wanted, '@', 1)
        and case when w.wanted ~ '@[0-9]+$' then p.number = split_part(w.wanted, '@', 2)::integer
            else p.published_at <= a.planned_at end
      order by p.number desc limit 1
    ) p on true
"""
VIEW_GRANTS = """
do $if$ begin
  if to_regrole('reauto_app') is not null then grant select on briefs to reauto_app; end if;
  if to_regrole('reauto_node') is not null then grant select on briefs to reauto_node; end if;
end $if$;
"""


def upgrade() -> None:
    op.create_table(
        "scripts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seller_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("scripts_seller_id_fkey")),
        sa.PrimaryKeyConstraint("name", name=op.f("scripts_pkey")),
    )
    op.create_table(
        "script_versions",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("script_versions_number_check")),
        sa.ForeignKeyConstraint(["name"], ["scripts.name"], name=op.f("script_versions_name_fkey")),
        sa.PrimaryKeyConstraint("name", "number", name=op.f("script_versions_pkey")),
    )
    op.create_table(
        "script_drafts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["name"], ["scripts.name"], name=op.f("script_drafts_name_fkey")),
        sa.PrimaryKeyConstraint("name", name=op.f("script_drafts_pkey")),
    )
    op.execute(GUARD)
    op.execute(GRANTS)
    told = "split_part(w.wanted, '@', 1)"
    more = ", p.number as script_version, p.body as script_body"
    op.execute(BRIEFS.format(or_replace="or replace", script=told, more=more, from_scripts=FROM_SCRIPTS))


def downgrade() -> None:
    op.execute("drop view briefs")
    op.execute(BRIEFS.format(or_replace="", script=SCRIPT, more="", from_scripts=""))
    op.execute(VIEW_GRANTS)
    op.drop_table("script_drafts")
    op.drop_table("script_versions")
    op.drop_table("scripts")
    op.execute("drop function keep_script_version")
