"""Leads of a campaign, taken and claimed inside someone else's transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, exists, func, or_, select, update

from shared.calls import CallAttempt, Direction
from shared.calls.claims import CampaignFull
from shared.kernel.errors import Conflict
from shared.kernel.ids import CampaignId
from shared.leads import Lead, LeadStatus
from shared.storage.calls.attempts import IS_LIVE
from shared.storage.leads import lead_of
from shared.storage.tables import call_attempts, campaigns, leads

OPEN = (LeadStatus.NEW, LeadStatus.READY, LeadStatus.CLAIMED, LeadStatus.IN_CALL)
IS_OUTBOUND = call_attempts.c.direction == Direction.OUTBOUND


def take_due(db: Connection, campaign_id: CampaignId, now: datetime, *, limit: int, until: datetime) -> list[Lead]:
    """``CallRepository.take_due``. One priority after the other, so that each is read in the order of its index."""
    is_ready = (leads.c.campaign_id == campaign_id) & (leads.c.status == LeadStatus.READY)
    is_due = is_ready & (leads.c.next_attempt_at <= now)
    is_promised = is_due & leads.c.promised_at.is_not(None)
    outlook = select(_highest(is_ready).scalar_subquery(), exists().where(is_promised))
    priority, has_promised = db.execute(outlook).one()
    taken = _taken(db, is_promised, limit=limit, until=until) if has_promised else []
    while priority is not None and len(taken) < limit:
        same = is_due & (leads.c.priority == priority)
        taken += _taken(db, same, limit=limit - len(taken), until=until)
        if len(taken) < limit:
            priority = db.execute(_highest(is_ready & (leads.c.priority < priority))).scalar_one_or_none()
    return taken


def _taken(db: Connection, which: ColumnElement[bool], *, limit: int, until: datetime) -> list[Lead]:
    due = select(leads.c.id, leads.c.next_attempt_at).where(which).order_by(leads.c.next_attempt_at).limit(limit)
    ahead = due.with_for_update(skip_locked=True).cte("ahead")
    take = update(leads).where(leads.c.id == ahead.c.id).values(next_attempt_at=until)
    rows = db.execute(take.returning(leads, ahead.c.next_attempt_at.label("was_due_at"))).mappings()
    found = [replace(lead_of(row), next_attempt_at=row["was_due_at"]) for row in rows]
    return sorted(found, key=lambda lead: (lead.next_attempt_at or until, lead.id))


def _highest(which: ColumnElement[bool]) -> Select[tuple[int]]:
    return select(leads.c.priority).where(which).order_by(leads.c.priority.desc()).limit(1)


def give_back(db: Connection, taken: Sequence[Lead], *, until: datetime) -> None:
    """``CallRepository.give_back``."""
    for lead in sorted(taken, key=lambda lead: lead.id):
        is_held = (leads.c.id == lead.id) & (leads.c.status == LeadStatus.READY) & (leads.c.next_attempt_at == until)
        db.execute(update(leads).where(is_held).values(next_attempt_at=lead.next_attempt_at))


def is_worked_off(db: Connection, campaign_id: CampaignId) -> bool:
    """``CallRepository.is_worked_off``."""
    theirs = leads.c.campaign_id == campaign_id
    is_over = exists().where(theirs) & ~exists().where(theirs, leads.c.status.in_(OPEN))
    return bool(db.execute(select(is_over)).scalar_one())


def claim(db: Connection, lead: Lead) -> None:
    """Take a ready lead for a call, so that nobody else does.

    Raises:
        Conflict: It is no longer ready.
    """
    is_ready = (leads.c.id == lead.id) & (leads.c.status == LeadStatus.READY)
    claimed = {
        "status": LeadStatus.CLAIMED,
        "next_attempt_at": None,
        "attempts": lead.attempts,
        "variant": lead.variant,
    }
    if not db.execute(update(leads).where(is_ready).values(claimed)).rowcount:
        raise Conflict(f"lead {lead.id} is no longer ready")


def check_campaign(db: Connection, attempt: CallAttempt) -> None:
    """Refuse an attempt, already written, that is one too many for its campaign; plans of a campaign take turns here.

    Raises:
        CampaignFull: It is.
    """
    this = select(campaigns.c.max_concurrency).where(campaigns.c.id == attempt.campaign_id)
    most = db.execute(this.with_for_update(key_share=True)).scalar_one()
    if live_in_campaign(db, attempt.campaign_id) > most:
        raise CampaignFull(f"campaign {attempt.campaign_id} rings {most} phones at once already")


def live_in_campaign(db: Connection, campaign_id: CampaignId) -> int:
    """``CallRepository.live_in_campaign``."""
    query = select(func.count()).where(call_attempts.c.campaign_id == campaign_id, IS_LIVE, IS_OUTBOUND)
    return db.execute(query).scalar_one()


def dialled_since(db: Connection, campaign_id: CampaignId, since: datetime) -> int:
    """``CallRepository.dialled_since``."""
    is_next = IS_LIVE & call_attempts.c.dial_started_at.is_(None)
    lately = or_(call_attempts.c.dial_started_at >= since, is_next)
    query = select(func.count()).where(call_attempts.c.campaign_id == campaign_id, lately, IS_OUTBOUND)
    return db.execute(query).scalar_one()
