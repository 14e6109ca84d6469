"""A stop switch was thrown: whatever rings and is unanswered is hung up."""

import logging
from dataclasses import dataclass
from datetime import datetime

from shared.calls.attempt import CallAttempt
from shared.calls.horizons import Horizons
from shared.calls.ports import CallRepository, Telephony
from shared.calls.stops import StopScope, StopSwitches, errand
from shared.campaigns import PauseReason
from shared.campaigns.ports import CampaignRepository
from shared.kernel.errors import Unavailable
from shared.kernel.ids import CampaignId, SellerId

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Silenced:
    """How many calls were hung up, and how many may ring whose id is not known yet, or that the carrier kept."""

    hung_up: int = 0
    to_come: int = 0


def silence(
    scope: StopScope,
    target: str | None,
    *,
    calls: CallRepository,
    campaigns: CampaignRepository,
    stops: StopSwitches,
    telephony: Telephony,
    horizons: Horizons,
    now: datetime,
) -> Silenced:
    """Hang up every call of ours that rings and that the switch reaches, as long as it is thrown.

    A campaign that is paused because the law asks for it is silenced as if its switch were thrown.

    Calls of which the carrier has not told us the id are asked for again shortly; nobody who answers one is talked to.
    What is planned ends at its dial.

    Raises:
        Unavailable: The switches or the books cannot be read.
    """
    is_thrown = any((switch.scope, switch.target) == (scope, target) for switch in stops.all())
    if not is_thrown and not _is_forbidden(scope, target, campaigns):
        return Silenced()
    ringing = calls.unanswered(
        seller_id=SellerId(target) if target and scope is StopScope.SELLER else None,
        campaign_id=CampaignId(target) if target and scope is StopScope.CAMPAIGN else None,
    )
    ended = [_is_hung_up(attempt, telephony) for attempt in ringing if attempt.dial_started_at is not None]
    done = Silenced(hung_up=ended.count(True), to_come=ended.count(False))
    if done.to_come:
        logger.warning("calls not stopped yet", extra={"calls": done.to_come})
        campaigns.tell(errand(scope, target, at=now + horizons.stop_effective))
    return done


def _is_forbidden(scope: StopScope, target: str | None, campaigns: CampaignRepository) -> bool:
    if scope is not StopScope.CAMPAIGN or target is None:
        return False
    return campaigns.get(CampaignId(target)).paused_reason is PauseReason.COMPLIANCE


def _is_hung_up(attempt: CallAttempt, telephony: Telephony) -> bool:
    if attempt.provider_sid is None:
        return False
    try:
        telephony.hang_up(attempt.provider_sid)
    except Unavailable:
        return False
    return True
