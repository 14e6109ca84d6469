"""The node is told which version of the prompt a call's variant wants."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BRIEFS = """
create {or_replace} view briefs with (security_barrier = true) as
  select a.id as attempt_id, a.campaign_id, a.seller_id, a.lead_id, a.phone, a.direction,
    s.registered_name, s.callback_number, coalesce(v.voice, c.voice) as voice,
    split_part(w.wanted, '@', 1) as script,
    coalesce(a.time_limit, c.time_limit) as time_limit, o.text as opening_text, o.audio as opening_audio,
    l.first_name, l.last_name, l.kind, l.subject, l.source, l.asked_at, l.timezone,
    p.number as script_version, p.body as script_body {prompt}
  from call_attempts a
    join leads l on l.id = a.lead_id
    join campaigns c on c.id = a.campaign_id
    join sellers s on s.id = a.seller_id
    left join lateral (
      select one ->> 'script' as script, one ->> 'voice' as voice, one ->> 'prompt' as prompt
      from jsonb_array_elements(c.plan #> '{{experiment,variants}}') one where one ->> 'name' = a.variant
    ) v on true
    left join openings o on o.campaign_id = a.campaign_id and o.voice = coalesce(v.voice, c.voice)
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
  where a.ended_at is null;
"""
GRANTS = """
do $if$ begin
  if to_regrole('reauto_app') is not null then grant select on briefs to reauto_app; end if;
  if to_regrole('reauto_node') is not null then grant select on briefs to reauto_node; end if;
end $if$;
"""


def upgrade() -> None:
    op.execute(BRIEFS.format(or_replace="or replace", prompt=", v.prompt"))


def downgrade() -> None:
    op.execute("drop view briefs")
    op.execute(BRIEFS.format(or_replace="", prompt=""))
    op.execute(GRANTS)
