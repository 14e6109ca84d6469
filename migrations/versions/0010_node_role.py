"""Who may do what: the functions almost everything, the voice node almost nothing.

Roles belong to the whole server and may serve other databases, so a downgrade takes the rights and leaves the roles.
A migrator that may not create roles leaves that to whoever administers the server; without them only the owner works.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

VIEWS = """
create view briefs as
  select a.id as attempt_id, a.campaign_id, a.seller_id, a.lead_id, a.phone, a.direction,
    s.registered_name, s.callback_number, c.voice, c.script, c.time_limit,
    o.text as opening_text, o.audio as opening_audio,
    l.first_name, l.last_name, l.kind, l.subject, l.source, l.asked_at, l.timezone
  from call_attempts a
    join leads l on l.id = a.lead_id
    join campaigns c on c.id = a.campaign_id
    join sellers s on s.id = a.seller_id
    left join openings o on o.campaign_id = a.campaign_id
  where a.ended_at is null;
create view brief_agents as select id, seller_id, name, timezone, hours from agents;
create view brief_booked as
  select id, seller_id, agent_id, lead_id, attempt_id, starts_at, ends_at, timezone, status
  from appointments where status = 'booked';
"""

CREATE_ROLE = """
do $$ begin
  if to_regrole('{role}') is null then create role {role} nologin; end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then raise warning 'the role {role} has to be created by an administrator';
end $$;
"""

IF_ROLE = "do $if$ begin if to_regrole('{role}') is not null then {statements} end if; end $if$;"

# Sellers' rows are kept apart by the application; row security here is only about the voice node.
APP = """
  grant select, insert, update on all tables in schema public to reauto_app;
  revoke update on ledger_transactions, ledger_entries from reauto_app;
  revoke insert, update on alembic_version from reauto_app;
  grant delete on outbox to reauto_app;
  create policy app on suppressions to reauto_app using (true) with check (true);
  create policy app on appointments to reauto_app using (true) with check (true);
  create policy app on outbox to reauto_app using (true) with check (true);
"""

# What a call needs at once, and its own errand: openings to render, taken from the outbox, and word of them.
NODE = """
  grant select on briefs, brief_agents, brief_booked to reauto_node;
  grant insert on call_events, reports, turns, suppressions, appointments to reauto_node;
  create policy node on suppressions for insert to reauto_node
    with check (reason = 'opt_out' and attempt_id is not null);
  create policy node on appointments for insert to reauto_node
    with check (status = 'booked' and attempt_id is not null);
  grant select, insert, delete on outbox to reauto_node;
  grant update (lease_until, receives, available_at, dead_at, last_error) on outbox to reauto_node;
  create policy node on outbox to reauto_node using (topic = 'render') with check (topic in ('render', 'dispatch'));
  grant select, insert, update on openings to reauto_node;
"""


def upgrade() -> None:
    op.execute(VIEWS)
    for table in ("suppressions", "appointments", "outbox"):
        op.execute(f"alter table {table} enable row level security")
    for role, statements in (("reauto_app", APP), ("reauto_node", NODE)):
        op.execute(CREATE_ROLE.format(role=role))
        op.execute(IF_ROLE.format(role=role, statements=statements))


def downgrade() -> None:
    for table in ("suppressions", "appointments", "outbox"):
        op.execute(f"drop policy if exists app on {table}")
        op.execute(f"drop policy if exists node on {table}")
        op.execute(f"alter table {table} disable row level security")
    op.execute("drop view brief_booked, brief_agents, briefs")
    for role in ("reauto_app", "reauto_node"):
        op.execute(IF_ROLE.format(role=role, statements=f"revoke all on all tables in schema public from {role};"))
