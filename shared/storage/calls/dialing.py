"""From planned to dialing: the one statement that lets a phone ring."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, or_, select, update

from shared.calls import RANK, AttemptState, CallAttempt, Direction
from shared.calls.stops import StopScope
from shared.campaigns import CampaignState
from shared.kernel.ids import AttemptId, CampaignId, SellerId
from shared.leads import LeadStatus
from shared.storage.calls.attempts import IS_LIVE, attempt_of
from shared.storage.tables import call_attempts, campaigns, leads
from shared.storage.tables.stops import stop_switches

UNANSWERED = [state for state, rank in RANK.items() if rank < RANK[AttemptState.ANSWERED]]

_is_stopped = exists().where(
    stop_switches.c.lifted_at.is_(None),
    or_(
        stop_switches.c.scope == StopScope.ALL,
        (stop_switches.c.scope == StopScope.SELLER) & (stop_switches.c.target == call_attempts.c.seller_id),
        (stop_switches.c.scope == StopScope.CAMPAIGN) & (stop_switches.c.target == call_attempts.c.campaign_id),
    ),
)
_is_claimed = exists().where(leads.c.id == call_attempts.c.lead_id, leads.c.status == LeadStatus.CLAIMED)
_runs = exists().where(campaigns.c.id == call_attempts.c.campaign_id, campaigns.c.state == CampaignState.RUNNING)
MAY_RING: ColumnElement[bool] = _is_claimed & _runs & ~_is_stopped


def begin(db: Connection, attempt_id: AttemptId, taken: Mapping[str, Any]) -> bool:
    """``CallRepository.begin_dialing``; ``taken`` is what the attempt is told."""
    is_planned = (call_attempts.c.id == attempt_id) & (call_attempts.c.state == AttemptState.PLANNED)
    taking = update(call_attempts).where(is_planned, MAY_RING).values(state=AttemptState.DIALING, **taken)
    return db.execute(taking).rowcount == 1


def unanswered(db: Connection, *, seller_id: SellerId | None, campaign_id: CampaignId | None) -> list[CallAttempt]:
    """``CallRepository.unanswered``."""
    query = select(call_attempts).where(
        IS_LIVE, call_attempts.c.direction == Direction.OUTBOUND, call_attempts.c.state.in_(UNANSWERED)
    )
    if seller_id is not None:
        query = query.where(call_attempts.c.seller_id == seller_id)
    if campaign_id is not None:
        query = query.where(call_attempts.c.campaign_id == campaign_id)
    return [attempt_of(row) for row in db.execute(query.order_by(call_attempts.c.planned_at)).mappings()]
