"""``CallRepository.plan`` in PostgreSQL: one short transaction of three statements."""

from collections.abc import Sequence

import psycopg
from psycopg.types.json import Jsonb

from shared.calls import CallAttempt, Permission
from shared.calls.attempt import TURNED_AWAY
from shared.calls.claims import CampaignFull
from shared.campaigns.calling_plan import CallingPlan
from shared.campaigns.time_limit import MINUTE
from shared.costs import Reservation
from shared.kernel.errors import Conflict
from shared.kernel.outbox import NewMessage
from shared.leads import Lead
from shared.storage.calls.permissions import permission_row
from shared.storage.costs.holds import hold
from shared.storage.outbox import told_messages
from shared.storage.rows import row_of, told
from shared.storage.statements import Statements

CLAIM = """
with claimed as (
  update leads set status = 'claimed', next_attempt_at = null, attempts = %(attempts)s, variant = %(variant)s
  where id = %(lead)s and status = 'ready' returning id
), planned as (
  insert into call_attempts select a.* from jsonb_populate_record(null::call_attempts, %(attempt)s) a, claimed
), decided as (
  insert into permissions (seller_id, lead_id, attempt_id, at, verdict, decisions, facts, rule_version)
  select p.seller_id, p.lead_id, p.attempt_id, p.at, p.verdict, p.decisions, p.facts, p.rule_version
  from jsonb_populate_record(null::permissions, %(decision)s) p, claimed
), asked as (
  insert into outbox (id, topic, "group", body, available_at)
  select m.id, m.topic, m."group", m.body, m.available_at
  from jsonb_to_recordset(%(messages)s)
    as m(id uuid, topic text, "group" text, body jsonb, available_at timestamptz), claimed
)
select id from claimed
"""

# Attempts that are live are told apart by an index, the others are looked for once this one is written. Plans of a
# campaign take turns at its row.
QUEUE_UP = """
select c.max_concurrency, coalesce((c.plan ->> 'calls_per_minute')::int, %(pace)s) as pace, exists (
  select from call_attempts a where a.phone = %(phone)s and a.id <> %(attempt)s
    and (a.ended_at is null or a.disposition is null and (a.streamed_at is not null
      or a.answered_at is not null and coalesce(a.end_reason, '') <> all(%(turned_away)s)))
) as is_held
from campaigns c where c.id = %(campaign)s for no key update
"""


def plan(
    db: Statements,
    attempt: CallAttempt,
    lead: Lead,
    permission: Permission,
    reservation: Reservation,
    messages: Sequence[NewMessage],
) -> None:
    """``CallRepository.plan``."""
    decision = permission_row(permission, lead_id=lead.id, seller_id=lead.seller_id, attempt_id=attempt.id)
    claim = {
        "lead": lead.id,
        "attempts": lead.attempts,
        "variant": lead.variant,
        "attempt": Jsonb(told(row_of(attempt))),
        "decision": Jsonb(told(decision)),
        "messages": Jsonb(told_messages(messages)),
    }
    place = {
        "phone": attempt.phone,
        "attempt": attempt.id,
        "campaign": attempt.campaign_id,
        "turned_away": list(TURNED_AWAY),
        "pace": CallingPlan().calls_per_minute,
    }
    try:
        with db.together() as these:
            if these.execute(CLAIM, claim).fetchone() is None:
                raise Conflict(f"lead {lead.id} is no longer ready")
            standing = these.execute(QUEUE_UP, place).fetchone()
            if standing is None or standing["is_held"]:
                raise Conflict(f"another attempt holds the phone of lead {lead.id}")
            has_room = hold(
                these,
                reservation,
                campaign_id=attempt.campaign_id,
                most=standing["max_concurrency"],
                pace=standing["pace"],
                since=attempt.planned_at - MINUTE,
            )
            if not has_room:
                raise CampaignFull(f"campaign {attempt.campaign_id} rings as many phones as it may")
    except psycopg.IntegrityError as error:
        raise Conflict(f"lead {lead.id} has this attempt already, or its phone a live one") from error
