"""How campaigns ring: plans, every move they make, an opening for each voice, and our own numbers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

REASONS = "paused_reason in ('manual', 'breaker', 'budget', 'window', 'capacity', 'compliance')"
STATES = "state in ('draft', 'scheduled', 'running', 'paused', 'completed')"
AT = sa.DateTime(timezone=True)
MOMENTS = ("moved_at", "starts_at", "ends_at")

NOTE_MOVES = """
create function note_campaign_move() returns trigger language plpgsql
  set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into campaign_moves (campaign_id, at, state, reason, because)
    values (new.id, coalesce(new.moved_at, new.created_at), new.state, new.paused_reason, new.paused_because);
  return null;
end $$;
create trigger note_first after insert on campaigns for each row execute function note_campaign_move();
create trigger note_move after update on campaigns for each row
  when ((old.state, old.paused_because) is distinct from (new.state, new.paused_because))
  execute function note_campaign_move();
insert into campaign_moves (campaign_id, at, state, reason, because)
  select id, created_at, state, paused_reason, paused_because from campaigns order by created_at, id;
"""

# What people saw until now is ours, and already known to the networks.
NUMBERS = """
insert into own_numbers (phone, seller_id, campaign_id, added_at, authorisation, warms_up)
  select distinct on (caller_id) caller_id, seller_id,
    case when count(*) over (partition by caller_id) = 1 then id end, created_at, '', false
  from campaigns order by caller_id, created_at;
"""

GRANTS = """
do $if$ begin if to_regrole('reauto_app') is not null then
  grant select, insert, update on own_numbers to reauto_app;
  grant select, insert on campaign_moves to reauto_app;
end if; end $if$;
"""

BRIEFS = """
create or replace view briefs with (security_barrier = true) as
  select a.id as attempt_id, a.campaign_id, a.seller_id, a.lead_id, a.phone, a.direction,
    s.registered_name, s.callback_number, {voice} as voice, {script} as script, c.time_limit,
    o.text as opening_text, o.audio as opening_audio,
    l.first_name, l.last_name, l.kind, l.subject, l.source, l.asked_at, l.timezone
  from call_attempts a
    join leads l on l.id = a.lead_id
    join campaigns c on c.id = a.campaign_id
    join sellers s on s.id = a.seller_id
    {variant}
    left join openings o on o.campaign_id = a.campaign_id {of_voice}
  where a.ended_at is null;
"""

VARIANT = """left join lateral (
      select one ->> 'script' as script, one ->> 'voice' as voice
      from jsonb_array_elements(c.plan #> '{experiment,variants}') one where one ->> 'name' = a.variant
    ) v on true"""


def upgrade() -> None:
    op.add_column("campaigns", sa.Column("paused_reason", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("campaigns_paused_reason_check"), "campaigns", REASONS)
    op.execute("update campaigns set paused_reason = 'manual' where state = 'paused'")
    for name in MOMENTS:
        op.add_column("campaigns", sa.Column(name, AT, nullable=True))
    op.create_check_constraint(op.f("campaigns_ends_after_start_check"), "campaigns", "starts_at < ends_at")
    op.add_column("campaigns", sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("campaigns", sa.Column("plan", postgresql.JSONB(), nullable=False, server_default="{}"))
    for name in ("priority", "plan"):
        op.alter_column("campaigns", name, server_default=None)
    _add_tables()
    for statements in (NOTE_MOVES, NUMBERS, GRANTS):
        op.execute(statements)
    op.create_index("call_attempts_campaign_id_idx", "call_attempts", ["campaign_id", "dial_started_at"])
    op.create_index("call_attempts_caller_id_idx", "call_attempts", ["caller_id", "dial_started_at"])
    callbacks = sa.text("purpose = 'callback'")
    op.create_index("call_attempts_callback_idx", "call_attempts", ["campaign_id"], postgresql_where=callbacks)
    op.create_index("leads_created_at_idx", "leads", ["created_at"], postgresql_using="brin")
    op.drop_constraint("openings_pkey", "openings")
    op.create_primary_key("openings_pkey", "openings", ["campaign_id", "voice"])
    voices = {"voice": "coalesce(v.voice, c.voice)", "script": "coalesce(v.script, c.script)"}
    op.execute(BRIEFS.format(**voices, variant=VARIANT, of_voice="and o.voice = coalesce(v.voice, c.voice)"))


def _add_tables() -> None:
    op.create_table(
        "campaign_moves",
        sa.Column("seq", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("campaign_id", sa.Uuid(as_uuid=False), sa.ForeignKey("campaigns.id"), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("because", sa.Text(), nullable=True),
        sa.CheckConstraint(STATES, name=op.f("campaign_moves_state_check")),
    )
    op.create_index("campaign_moves_campaign_id_idx", "campaign_moves", ["campaign_id", "at"])
    op.create_table(
        "own_numbers",
        sa.Column("phone", sa.Text(), primary_key=True),
        sa.Column("seller_id", sa.Uuid(as_uuid=False), sa.ForeignKey("sellers.id"), nullable=False),
        sa.Column("campaign_id", sa.Uuid(as_uuid=False), sa.ForeignKey("campaigns.id"), nullable=True),
        sa.Column("added_at", AT, nullable=False),
        sa.Column("authorisation", sa.Text(), nullable=False),
        sa.Column("warms_up", sa.Boolean(), nullable=False),
        sa.Column("cooled_until", AT, nullable=True),
        sa.Column("cooled_because", sa.Text(), nullable=True),
        sa.Column("retired_at", AT, nullable=True),
        sa.CheckConstraint(r"phone ~ '^\+[1-9][0-9]{6,14}$'", name=op.f("own_numbers_phone_check")),
    )
    op.create_index("own_numbers_seller_id_idx", "own_numbers", ["seller_id"])


def downgrade() -> None:
    of_campaign = {"voice": "c.voice", "script": "c.script", "variant": "", "of_voice": ""}
    op.execute(BRIEFS.format(**of_campaign))
    op.execute("delete from openings o using campaigns c where c.id = o.campaign_id and o.voice <> c.voice")
    op.drop_constraint("openings_pkey", "openings")
    op.create_primary_key("openings_pkey", "openings", ["campaign_id"])
    op.drop_index("leads_created_at_idx", "leads")
    op.drop_index("call_attempts_callback_idx", "call_attempts")
    op.drop_index("call_attempts_caller_id_idx", "call_attempts")
    op.drop_index("call_attempts_campaign_id_idx", "call_attempts")
    op.execute("drop trigger note_move on campaigns; drop trigger note_first on campaigns;")
    op.execute("drop function note_campaign_move")
    for table in ("own_numbers", "campaign_moves"):
        op.drop_table(table)
    for name in ("plan", "priority", *MOMENTS, "paused_reason"):
        op.drop_column("campaigns", name)
