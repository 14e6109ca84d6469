"""Ring one planned attempt, at most once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.calls.attempt import AttemptState, CallAttempt
from shared.calls.decide import decide, is_only_about_us
from shared.calls.facts import FactSource, Moment
from shared.calls.give_up import give_up
from shared.calls.permission import Verdict
from shared.calls.ports import BadNumber, CarrierRefused, Dial, PlacedCall, Telephony
from shared.calls.reconcile import FIRST_LOOK
from shared.campaigns import Campaign
from shared.kernel.errors import Conflict, Unavailable
from shared.kernel.ids import AttemptId
from shared.kernel.outbox import NewMessage

TRY_AGAIN_IN = timedelta(seconds=5)
LONGEST_QUEUE = timedelta(seconds=3)
ANSWER_WITHIN = timedelta(seconds=30)


class DialResult(StrEnum):
    """What became of the request to dial; of an attempt that ended here it is the ``end_reason``, too."""

    PLACED = "placed"
    NOT_PLANNED = "not_planned"
    NO_ROOM = "no_room"
    UNKNOWN = "unknown"
    QUEUED_BY_CARRIER = "queued_by_carrier"
    STALE = "stale"
    NOT_ALLOWED = "not_allowed"
    BAD_NUMBER = "bad_number"
    CARRIER_REFUSED = "carrier_refused"
    CARRIER_BUSY = "carrier_busy"


@dataclass(frozen=True, kw_only=True)
class Dialler:
    """What the dial needs: the facts for the last check, and the telephone."""

    sources: FactSource
    telephony: Telephony


def dial_attempt(attempt_id: AttemptId, *, dialler: Dialler, now: datetime) -> DialResult:
    """Check once more, hold a slot, take the attempt, and ask the carrier to ring; never twice for one attempt.

    A crash after the attempt was taken leaves it ``dialing`` for the reconciler: the carrier keeps no
    idempotency keys, so a request that may have been heard is never repeated.

    Raises:
        NotFound: There is no such attempt.
        Unavailable: The facts cannot be read; nothing was dialled and the message may come again.
    """
    sources = dialler.sources
    attempt = sources.calls.get(attempt_id)
    if attempt.state is not AttemptState.PLANNED:
        return DialResult.NOT_PLANNED
    if now >= attempt.dial_deadline:
        return _give_up(attempt, AttemptState.CANCELLED, DialResult.STALE, sources=sources, now=now)
    campaign = sources.campaigns.get(attempt.campaign_id)
    facts = sources.for_attempt(attempt, Moment.DIAL, now=now)
    lease = sources.capacity.acquire(attempt_id, hold_for=campaign.ring_timeout + ANSWER_WITHIN)
    permission = decide(replace(facts, holds_slot=lease is not None), now=now)
    if lease is None or (permission.verdict is Verdict.DEFER and is_only_about_us(permission)):
        again = NewMessage(topic="dial", body={"attempt_id": attempt_id}, available_at=now + TRY_AGAIN_IN)
        sources.calls.move(attempt, again)
        return DialResult.NO_ROOM
    sources.calls.record(permission, attempt_id=attempt_id)
    if permission.verdict is not Verdict.ALLOW:
        held = replace(attempt, worker=lease.worker, slot_epoch=lease.epoch)
        return _give_up(held, AttemptState.CANCELLED, DialResult.NOT_ALLOWED, sources=sources, now=now)
    if not sources.calls.begin_dialing(attempt_id, worker=lease.worker, slot_epoch=lease.epoch, now=now):
        return DialResult.NOT_PLANNED
    return _place(sources.calls.get(attempt_id), campaign, dialler=dialler, now=now)


def _place(attempt: CallAttempt, campaign: Campaign, *, dialler: Dialler, now: datetime) -> DialResult:
    sources = dialler.sources
    dial = Dial(
        attempt_id=attempt.id,
        to=attempt.phone,
        caller_id=attempt.caller_id,
        ring_timeout=campaign.ring_timeout,
        time_limit=campaign.time_limit,
    )
    try:
        placed = dialler.telephony.place(dial)
    except BadNumber:
        return _give_up(attempt, AttemptState.REJECTED, DialResult.BAD_NUMBER, sources=sources, now=now)
    except CarrierRefused:
        return _give_up(attempt, AttemptState.REJECTED, DialResult.CARRIER_REFUSED, sources=sources, now=now)
    except Conflict:
        return _give_up(attempt, AttemptState.NOT_PLACED, DialResult.CARRIER_BUSY, sources=sources, now=now)
    except Unavailable:
        look = NewMessage(topic="reconcile", body={"attempt_id": attempt.id}, available_at=now + FIRST_LOOK)
        sources.calls.move(replace(attempt, state=AttemptState.UNKNOWN), look)
        return DialResult.UNKNOWN
    bound = sources.calls.bind(attempt.id, placed.sid, now=now)
    return _withdraw(bound, placed, dialler) if placed.queue_time > LONGEST_QUEUE else DialResult.PLACED


def _withdraw(attempt: CallAttempt, placed: PlacedCall, dialler: Dialler) -> DialResult:
    """Take back a call that the carrier would ring later, perhaps outside the person's hours.

    Its end comes as a callback; should the carrier fail to take it back, the answer gate judges the later hour.
    """
    dialler.sources.calls.move(replace(attempt, end_reason=DialResult.QUEUED_BY_CARRIER))
    try:
        dialler.telephony.hang_up(placed.sid)
    except Unavailable:
        return DialResult.PLACED
    return DialResult.QUEUED_BY_CARRIER


def _give_up(
    attempt: CallAttempt, state: AttemptState, why: DialResult, *, sources: FactSource, now: datetime
) -> DialResult:
    give_up(
        attempt,
        state,
        why=why.value,
        calls=sources.calls,
        costs=sources.costs,
        capacity=sources.capacity,
        now=now,
    )
    return why
