"""Every call has a time limit of its own, which its reservation pays for; leads that were parted with are found again.

The node is told of the call's own limit.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BRIEFS = """
create or replace view briefs with (security_barrier = true) as
  select a.id as attempt_id, a.campaign_id, a.seller_id, a.lead_id, a.phone, a.direction,
    s.registered_name, s.callback_number, coalesce(v.voice, c.voice) as voice, coalesce(v.script, c.script) as script,
    {time_limit} as time_limit, o.text as opening_text, o.audio as opening_audio,
    l.first_name, l.last_name, l.kind, l.subject, l.source, l.asked_at, l.timezone
  from call_attempts a
    join leads l on l.id = a.lead_id
    join campaigns c on c.id = a.campaign_id
    join sellers s on s.id = a.seller_id
    left join lateral (
      select one ->> 'script' as script, one ->> 'voice' as voice
      from jsonb_array_elements(c.plan #> '{{experiment,variants}}') one where one ->> 'name' = a.variant
    ) v on true
    left join openings o on o.campaign_id = a.campaign_id and o.voice = coalesce(v.voice, c.voice)
  where a.ended_at is null;
"""


def upgrade() -> None:
    op.add_column("call_attempts", sa.Column("time_limit", sa.Interval(), nullable=True))
    op.execute(BRIEFS.format(time_limit="coalesce(a.time_limit, c.time_limit)"))
    op.create_index("leads_blocked_idx", "leads", ["campaign_id"], postgresql_where=sa.text("status = 'blocked'"))


def downgrade() -> None:
    op.drop_index("leads_blocked_idx", "leads")
    op.execute(BRIEFS.format(time_limit="c.time_limit"))
    op.drop_column("call_attempts", "time_limit")
