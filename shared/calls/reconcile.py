"""Ask the carrier about attempts whose end nobody told us: callbacks and answers to our requests can be lost."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from shared.calls.attempt import NEVER_RANG, RANK, AttemptState, CallAttempt
from shared.calls.dialler import DialResult
from shared.calls.fold import fold_attempt, uncounted
from shared.calls.give_up import give_up
from shared.calls.horizons import Horizons
from shared.calls.lookup import CallLookup, FoundCall
from shared.calls.ports import CallRepository, Capacity, ProviderEvent, Telephony
from shared.costs.ports import CostRepository
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId
from shared.kernel.outbox import NewMessage

logger = logging.getLogger(__name__)

NEVER_CAME = "not_placed"
GONE = "failed"
"""How a call ended that the carrier had and has no more: nobody will tell us otherwise."""
QUEUED = "queued"
"""What the carrier says of a call that has not begun to ring."""
OVER_AT_CARRIER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


class Reconciled(StrEnum):
    """What became of the question."""

    OVER = "over"
    NEVER_DIALLED = "never_dialled"
    NOT_PLACED = "not_placed"
    LIVE = "live"
    NOT_FOUND_YET = "not_found_yet"
    CARRIER_AWAY = "carrier_away"
    RANG_LATE = "rang_late"
    DOUBLE = "double"


@dataclass(frozen=True, kw_only=True)
class Reconciler:
    """What reconciling needs: the books, the carrier's knowledge, and the telephone for calls that are one too many."""

    calls: CallRepository
    costs: CostRepository
    capacity: Capacity
    lookup: CallLookup
    telephony: Telephony
    horizons: Horizons = field(default_factory=Horizons)


def reconcile_attempt(
    attempt_id: AttemptId, *, look: int | None = None, reconciler: Reconciler, now: datetime
) -> Reconciled:
    """Bring an attempt up to date: our own inbox first, then the carrier's list; asks again until it is over.

    What the carrier says goes through the same inbox as its callbacks, so it folds the same way. A carrier that is
    away is asked again for as long as it takes: an attempt that nobody watches would hold its lead for ever. An
    attempt that the carrier did not know is looked for once more, long after: a call that came up late is hung up
    and booked. ``look`` is the message's: one that came twice asks nothing, the attempt has one question waiting.

    Raises:
        NotFound: There is no such attempt.
    """
    books, horizons = reconciler, reconciler.horizons
    attempt = fold_attempt(attempt_id, calls=books.calls, capacity=books.capacity)
    if not _ends_others(attempt, reconciler):
        return _ask_again(attempt, reconciler, at=now + horizons.look_again, so_far=Reconciled.CARRIER_AWAY)
    if look is not None and look < attempt.looks:
        return Reconciled.DOUBLE
    if attempt.is_over:
        return _late(attempt, reconciler, now) if _may_ring_late(attempt) else Reconciled.OVER
    if attempt.state is AttemptState.PLANNED:
        if now < attempt.dial_deadline:
            return _ask_again(attempt, reconciler, at=attempt.dial_deadline, so_far=Reconciled.NOT_FOUND_YET)
        _give_up(attempt, AttemptState.CANCELLED, DialResult.STALE, reconciler, now)
        return Reconciled.NEVER_DIALLED
    if _is_heard_of(attempt, horizons, now):
        return _ask_again(attempt, reconciler, at=_next_watch(attempt, horizons, now), so_far=Reconciled.LIVE)
    try:
        found = _its_own(attempt, reconciler, now)
    except Unavailable:
        return _ask_again(attempt, reconciler, at=now + horizons.look_again, so_far=Reconciled.CARRIER_AWAY)
    return _told(attempt, found[0], reconciler, now) if found else _missing(attempt, reconciler, now)


def _ends_others(attempt: CallAttempt, reconciler: Reconciler) -> bool:
    """Hang up whatever the carrier made for the attempt beside its own call; ``False`` when it could not be told."""
    for sid in uncounted(attempt, reconciler.calls.events(attempt.id)):
        logger.error("the carrier made another call for the attempt", extra={"attempt_id": attempt.id, "sid": sid})
        try:
            reconciler.telephony.hang_up(sid)
        except Unavailable:
            return False
    return True


def _is_heard_of(attempt: CallAttempt, horizons: Horizons, now: datetime) -> bool:
    """Whether callbacks came, and it is too early to miss the ones that follow."""
    began = attempt.dial_started_at or attempt.planned_at
    return attempt.provider_sid is not None and now < began + horizons.watch_live and attempt.end_reason is None


def _next_watch(attempt: CallAttempt, horizons: Horizons, now: datetime) -> datetime:
    return max(now, (attempt.dial_started_at or attempt.planned_at) + horizons.watch_live)


def _its_own(attempt: CallAttempt, reconciler: Reconciler, now: datetime) -> Sequence[FoundCall]:
    """The attempt's calls at the carrier, the first one first; of several all others are hung up.

    A call that nobody has claimed is its own only if its request can have made it: a later one is of another attempt.

    Raises:
        Unavailable: The carrier cannot be asked, or did not hang up.
    """
    latest = (attempt.dial_started_at or attempt.planned_at) + reconciler.horizons.horizon
    found = []
    for call in reconciler.lookup.find(attempt):
        owner = reconciler.calls.owner_of(call.sid)
        if owner == attempt.id or (owner is None and (call.created_at or now) <= latest):
            found.append(call)
    found.sort(key=lambda call: (call.created_at or now, call.sid))
    if len(found) > 1:
        logger.error("several calls for one attempt", extra={"attempt_id": attempt.id, "calls": len(found)})
    for extra in found[1:]:
        if extra.status not in OVER_AT_CARRIER:
            reconciler.telephony.hang_up(extra.sid)
    return found[:1]


def _missing(attempt: CallAttempt, reconciler: Reconciler, now: datetime) -> Reconciled:
    """The carrier has no such call. Before the horizon it may still appear."""
    horizons = reconciler.horizons
    gone_at = (attempt.dial_started_at or attempt.planned_at) + horizons.horizon
    if now < gone_at:
        at = min(now + horizons.look_again, gone_at)
        at = gone_at if gone_at - at < horizons.look_again else at
        return _ask_again(attempt, reconciler, at=at, so_far=Reconciled.NOT_FOUND_YET)
    if attempt.provider_sid is not None:
        return _told(attempt, FoundCall(sid=attempt.provider_sid, status=GONE), reconciler, now)
    _give_up(attempt, AttemptState.NOT_PLACED, NEVER_CAME, reconciler, now)
    stands = reconciler.calls.get(attempt.id)
    if stands.state is not AttemptState.NOT_PLACED:
        return _ask_again(stands, reconciler, at=now + horizons.look_again, so_far=Reconciled.LIVE)
    reconciler.calls.look_again(stands, at=now + horizons.late_look)
    return Reconciled.NOT_PLACED


def _told(attempt: CallAttempt, call: FoundCall, reconciler: Reconciler, now: datetime) -> Reconciled:
    """What the carrier says becomes what we know.

    A call that it lets wait for too long is taken back, one that we took back and that is not gone is hung up again.
    """
    if _waits_too_long(attempt, call, reconciler.horizons, now):
        logger.warning("call queued by the carrier", extra={"attempt_id": attempt.id, "sid": call.sid})
        attempt = reconciler.calls.move(replace(attempt, end_reason=DialResult.QUEUED_BY_CARRIER))
    if attempt.end_reason == DialResult.QUEUED_BY_CARRIER and call.status not in OVER_AT_CARRIER:
        try:
            reconciler.telephony.hang_up(call.sid)
        except Unavailable:
            at = now + reconciler.horizons.look_again
            return _ask_again(attempt, reconciler, at=at, so_far=Reconciled.CARRIER_AWAY)
    reconciler.calls.receive(_as_event(attempt, call, now))
    folded = fold_attempt(attempt.id, calls=reconciler.calls, capacity=reconciler.capacity)
    if folded.is_over:
        return Reconciled.OVER
    return _ask_again(folded, reconciler, at=now + reconciler.horizons.watch_live, so_far=Reconciled.LIVE)


def _waits_too_long(attempt: CallAttempt, call: FoundCall, horizons: Horizons, now: datetime) -> bool:
    """Whether the call is still to be dialled, perhaps outside the person's hours.

    The carrier's word is the same until the far network rings; that it dials it says in a callback alone.
    """
    began = attempt.dial_started_at or attempt.planned_at
    is_dialled = RANK[attempt.state] >= RANK[AttemptState.INITIATED]
    return call.status == QUEUED and not is_dialled and now > began + horizons.longest_queue


def _may_ring_late(attempt: CallAttempt) -> bool:
    """Whether the carrier was asked to ring and never said that it would not."""
    return attempt.state in NEVER_RANG and attempt.end_reason == NEVER_CAME


def _late(attempt: CallAttempt, reconciler: Reconciler, now: datetime) -> Reconciled:
    """Look once more for the call of an attempt that was given up: it is hung up, and what it cost is booked."""
    again = now + reconciler.horizons.look_again
    try:
        found = _its_own(attempt, reconciler, now)
        if not found:
            return Reconciled.OVER
        if found[0].status not in OVER_AT_CARRIER:
            logger.error("call rang late", extra={"attempt_id": attempt.id, "sid": found[0].sid})
            reconciler.telephony.hang_up(found[0].sid)
            reconciler.calls.look_again(attempt, at=again)
            return Reconciled.RANG_LATE
    except Unavailable:
        reconciler.calls.look_again(attempt, at=again)
        return Reconciled.CARRIER_AWAY
    reconciler.calls.receive(_as_event(attempt, found[0], now))
    folded = fold_attempt(attempt.id, calls=reconciler.calls, capacity=reconciler.capacity)
    settle = NewMessage(topic="settle", body={"attempt_id": attempt.id}, group=attempt.seller_id)
    reconciler.calls.move(folded, settle)
    return Reconciled.RANG_LATE


def _ask_again(attempt: CallAttempt, reconciler: Reconciler, *, at: datetime, so_far: Reconciled) -> Reconciled:
    """Ask later; callbacks that moved the attempt on meanwhile do not stop the asking."""
    stands = reconciler.calls.look_again(attempt, at=at)
    return Reconciled.OVER if stands.is_over else so_far


def _give_up(attempt: CallAttempt, state: AttemptState, why: str, reconciler: Reconciler, now: datetime) -> None:
    give_up(
        attempt,
        state,
        why=why,
        calls=reconciler.calls,
        costs=reconciler.costs,
        capacity=reconciler.capacity,
        now=now,
    )


def _as_event(attempt: CallAttempt, call: FoundCall, now: datetime) -> ProviderEvent:
    fields = {
        "CallSid": call.sid,
        "CallStatus": call.status,
        "CallDuration": str(call.duration_seconds) if call.duration_seconds is not None else "",
        "AnsweredBy": call.answered_by or "",
        "Timestamp": call.ended_at.isoformat() if call.ended_at else "",
    }
    return ProviderEvent(
        attempt_id=attempt.id,
        kind="status",
        dedupe_key=f"looked-up:{call.sid}:{call.status}",
        at=now,
        payload={name: value for name, value in fields.items() if value},
    )
