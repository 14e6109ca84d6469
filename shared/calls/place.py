"""Ask the carrier to ring a taken attempt, once, and keep what it answers."""

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from shared.calls.attempt import NEVER_RANG, AttemptState, CallAttempt
from shared.calls.dialler import Dialler, DialResult, end
from shared.calls.ports import AccountRefused, BadNumber, CarrierRefused, Dial, PlacedCall
from shared.campaigns import Campaign
from shared.kernel.errors import Conflict, Unavailable

logger = logging.getLogger(__name__)


def place_call(attempt: CallAttempt, campaign: Campaign, *, dialler: Dialler, now: datetime) -> DialResult:
    """Ask once. A definite no ends the attempt, an uncertain answer leaves it to the reconciler.

    What the carrier refuses to the whole account, or has no room for, burns nobody's attempt: nothing rang, and the
    account is left alone for a while.
    """
    dial = Dial(
        attempt_id=attempt.id,
        to=attempt.phone,
        caller_id=attempt.caller_id,
        ring_timeout=campaign.ring_timeout,
        time_limit=attempt.time_limit or campaign.time_limit,
    )
    sources = dialler.sources
    try:
        placed = dialler.telephony.place(dial)
    except BadNumber:
        _note(dialler, healthy=True)
        return end(attempt, AttemptState.REJECTED, DialResult.BAD_NUMBER, sources=sources, now=now)
    except AccountRefused:
        logger.exception("account refused", extra={"attempt_id": attempt.id})
        _note(dialler, healthy=False, at_once=True)
        return end(attempt, AttemptState.NOT_PLACED, DialResult.ACCOUNT_REFUSED, sources=sources, now=now)
    except CarrierRefused as refusal:
        logger.warning("call refused", extra={"attempt_id": attempt.id, "refusal": str(refusal)})
        _note(dialler, healthy=False)
        return end(attempt, AttemptState.REJECTED, DialResult.CARRIER_REFUSED, sources=sources, now=now)
    except Conflict:
        _note(dialler, healthy=False, at_once=True)
        return end(attempt, AttemptState.NOT_PLACED, DialResult.CARRIER_BUSY, sources=sources, now=now)
    except Unavailable:
        _note(dialler, healthy=False)
        sources.calls.move(replace(attempt, state=AttemptState.UNKNOWN))
        return DialResult.UNKNOWN
    _note(dialler, healthy=True)
    return _bind(attempt, placed, dialler, now)


def _bind(attempt: CallAttempt, placed: PlacedCall, dialler: Dialler, now: datetime) -> DialResult:
    """Keep the carrier's id; a call that has no attempt any more, or comes too late for it, is taken back."""
    try:
        bound = dialler.sources.calls.bind(attempt.id, placed.sid, now=now)
    except Conflict:
        logger.exception("second call of an attempt", extra={"attempt_id": attempt.id, "sid": placed.sid})
        return _take_back(placed, dialler, DialResult.TOO_LATE)
    if bound.state in NEVER_RANG:
        logger.error("call came too late", extra={"attempt_id": attempt.id, "sid": placed.sid})
        return _take_back(placed, dialler, DialResult.TOO_LATE)
    if placed.queue_time > dialler.horizons.longest_queue:
        logger.warning("call queued by the carrier", extra={"attempt_id": attempt.id, "sid": placed.sid})
        dialler.sources.calls.move(replace(bound, end_reason=DialResult.QUEUED_BY_CARRIER))
        return _take_back(placed, dialler, DialResult.QUEUED_BY_CARRIER)
    return DialResult.PLACED


def _take_back(placed: PlacedCall, dialler: Dialler, why: DialResult) -> DialResult:
    """End a call that should not ring, perhaps outside the person's hours; its end comes as a callback.

    Should the carrier fail to take it back, the reconciler tries again, and nobody who answers too late is talked to.
    """
    with suppress(Unavailable):
        dialler.telephony.hang_up(placed.sid)
    return why


def _note(dialler: Dialler, *, healthy: bool, at_once: bool = False) -> None:
    """Tell the breaker how it went; what became of the call matters more than a breaker that is away."""
    with suppress(Unavailable):
        if healthy:
            dialler.breaker.succeeded(dialler.account)
        else:
            dialler.breaker.failed(dialler.account, at_once=at_once)
