"""Leads of a campaign, taken and claimed inside someone else's transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from shared.calls import Direction
from shared.kernel.ids import CampaignId
from shared.leads import Lead, LeadStatus
from shared.storage.leads import lead_of
from shared.storage.statements import Statements
from shared.storage.tables import call_attempts, leads

IS_OUTBOUND = call_attempts.c.direction == Direction.OUTBOUND


HIGHER_THAN_ANY = 2**31 - 1
# The highest priority below one, and its leads that are due: the index gives those of one priority in order. The limit
# is written out, since a plan for any limit counts on many and is never kept.
TAKE = """
with outlook as materialized (
  select (
    select max(priority) from leads where campaign_id = %(campaign)s and status = 'ready' and priority < %(below)s
  ) as highest, %(asks)s and exists (
    select from leads where campaign_id = %(campaign)s and status = 'ready' and promised_at is not null
      and next_attempt_at <= %(now)s
  ) as is_promised
), ahead as materialized (
  select ctid as place, next_attempt_at from leads
  where campaign_id = %(campaign)s and status = 'ready' and next_attempt_at <= %(now)s
    and priority = (select highest from outlook) and not (select is_promised from outlook)
  order by next_attempt_at limit {limit:d} for update skip locked
), taken as (
  update leads l set next_attempt_at = %(until)s from ahead a where l.ctid = a.place
  returning l.*, a.next_attempt_at as was_due_at
)
select o.highest, o.is_promised, t.* from outlook o left join taken t on true
"""
TAKE_PROMISED = """
with ahead as materialized (
  select ctid as place, next_attempt_at from leads
  where campaign_id = %(campaign)s and status = 'ready' and promised_at is not null and next_attempt_at <= %(now)s
  order by next_attempt_at limit {limit:d} for update skip locked
)
update leads l set next_attempt_at = %(until)s from ahead a where l.ctid = a.place
returning l.*, a.next_attempt_at as was_due_at
"""
WORKED_OFF = """
select exists (select from leads where campaign_id = %(campaign)s) and not exists (
  select from leads where campaign_id = %(campaign)s and status in ('new', 'ready', 'claimed', 'in_call')
) as is_over
"""
LIVE = """
select count(*) as calls from call_attempts
where campaign_id = %(campaign)s and ended_at is null and direction = 'outbound'
"""
DIALLED = """
select (
  select count(*) from call_attempts
  where campaign_id = %(campaign)s and dial_started_at >= %(since)s and direction = 'outbound'
) + (
  select count(*) from call_attempts
  where campaign_id = %(campaign)s and ended_at is null and dial_started_at is null and direction = 'outbound'
) as calls
"""


def take_due(db: Statements, campaign_id: CampaignId, now: datetime, *, limit: int, until: datetime) -> list[Lead]:
    """``CallRepository.take_due``. Promised ones first, then one priority after the other; mostly one statement."""
    values = {"campaign": campaign_id, "now": now, "until": until, "below": HIGHER_THAN_ANY}
    rows = db.rows(TAKE.format(limit=limit), {**values, "asks": True})
    taken: list[Lead] = []
    if rows[0]["is_promised"]:
        taken = _told(db.rows(TAKE_PROMISED.format(limit=limit), values), until)
    else:
        taken, values["below"] = _told(rows, until), rows[0]["highest"]
    while len(taken) < limit and values["below"] is not None:
        rows = db.rows(TAKE.format(limit=limit - len(taken)), {**values, "asks": False})
        taken += _told(rows, until)
        values["below"] = rows[0]["highest"]
    return taken


def _told(rows: Sequence[Mapping[str, Any]], until: datetime) -> list[Lead]:
    """The leads as they were before, the longest waiting first."""
    found = [lead_of({**row, "next_attempt_at": row["was_due_at"]}) for row in rows if row["id"]]
    return sorted(found, key=lambda lead: (lead.next_attempt_at or until, lead.id))


def give_back(db: Connection, taken: Sequence[Lead], *, until: datetime) -> None:
    """``CallRepository.give_back``."""
    for lead in sorted(taken, key=lambda lead: lead.id):
        is_held = (leads.c.id == lead.id) & (leads.c.status == LeadStatus.READY) & (leads.c.next_attempt_at == until)
        db.execute(update(leads).where(is_held).values(next_attempt_at=lead.next_attempt_at))


def is_worked_off(db: Statements, campaign_id: CampaignId) -> bool:
    """``CallRepository.is_worked_off``."""
    return bool(db.rows(WORKED_OFF, {"campaign": campaign_id})[0]["is_over"])


def live_in_campaign(db: Statements, campaign_id: CampaignId) -> int:
    """``CallRepository.live_in_campaign``."""
    return int(db.rows(LIVE, {"campaign": campaign_id})[0]["calls"])


def dialled_since(db: Statements, campaign_id: CampaignId, since: datetime) -> int:
    """``CallRepository.dialled_since``."""
    return int(db.rows(DIALLED, {"campaign": campaign_id, "since": since})[0]["calls"])
