"""Ask the carrier about attempts whose end nobody told us: callbacks and answers to our requests can be lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.calls.attempt import RANK, AttemptState, CallAttempt
from shared.calls.fold import fold_attempt
from shared.calls.give_up import give_up
from shared.calls.ports import CallLookup, CallRepository, Capacity, FoundCall, ProviderEvent, Telephony
from shared.costs.ports import CostRepository
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId
from shared.kernel.outbox import NewMessage

FIRST_LOOK = timedelta(seconds=20)
LOOK_AGAIN = timedelta(seconds=25)
WATCH_LIVE = timedelta(seconds=60)
HORIZON = timedelta(seconds=90)
"""Longer than a dial may take (30 s), its request (13 s) and some slack: what the carrier lacks then never was."""
GONE = "failed"
"""How a call ended that the carrier had and has no more: nobody will tell us otherwise."""
OVER_AT_CARRIER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


class Reconciled(StrEnum):
    """What became of the question."""

    OVER = "over"
    NEVER_DIALLED = "never_dialled"
    NOT_PLACED = "not_placed"
    LIVE = "live"
    NOT_FOUND_YET = "not_found_yet"
    CARRIER_AWAY = "carrier_away"


@dataclass(frozen=True, kw_only=True)
class Reconciler:
    """What reconciling needs: the books, the carrier's knowledge, and the telephone for calls that are one too many."""

    calls: CallRepository
    costs: CostRepository
    capacity: Capacity
    lookup: CallLookup
    telephony: Telephony


def reconcile_attempt(attempt_id: AttemptId, *, reconciler: Reconciler, now: datetime) -> Reconciled:
    """Bring an attempt up to date: our own inbox first, then the carrier's list; asks again until it is over.

    What the carrier says goes through the same inbox as its callbacks, so it folds the same way. A carrier that is
    away is asked again for as long as it takes: an attempt that nobody watches would hold its lead for ever.

    Raises:
        NotFound: There is no such attempt.
    """
    books = reconciler
    attempt = fold_attempt(attempt_id, calls=books.calls, capacity=books.capacity)
    if attempt.is_over:
        return Reconciled.OVER
    if attempt.state is AttemptState.PLANNED:
        if now < attempt.dial_deadline:
            return _ask_again(attempt, reconciler, at=attempt.dial_deadline, so_far=Reconciled.NOT_FOUND_YET)
        _give_up(attempt, AttemptState.CANCELLED, "stale", reconciler, now)
        return Reconciled.NEVER_DIALLED
    try:
        found = sorted(books.lookup.find(attempt), key=lambda call: (call.created_at or now, call.sid))
        for extra in found[1:]:
            if extra.status not in OVER_AT_CARRIER:
                books.telephony.hang_up(extra.sid)
    except Unavailable:
        return _ask_again(attempt, reconciler, at=now + LOOK_AGAIN, so_far=Reconciled.CARRIER_AWAY)
    return _told(attempt, found[0], reconciler, now) if found else _missing(attempt, reconciler, now)


def _missing(attempt: CallAttempt, reconciler: Reconciler, now: datetime) -> Reconciled:
    """The carrier has no such call. Before the horizon it may still appear."""
    if now < (attempt.dial_started_at or attempt.planned_at) + HORIZON:
        return _ask_again(attempt, reconciler, at=now + LOOK_AGAIN, so_far=Reconciled.NOT_FOUND_YET)
    if attempt.provider_sid is not None:
        return _told(attempt, FoundCall(sid=attempt.provider_sid, status=GONE), reconciler, now)
    _give_up(attempt, AttemptState.NOT_PLACED, "not_placed", reconciler, now)
    return Reconciled.NOT_PLACED


def _told(attempt: CallAttempt, call: FoundCall, reconciler: Reconciler, now: datetime) -> Reconciled:
    reconciler.calls.receive(_as_event(attempt, call, now))
    folded = fold_attempt(attempt.id, calls=reconciler.calls, capacity=reconciler.capacity)
    if folded.is_over:
        return Reconciled.OVER
    return _ask_again(folded, reconciler, at=now + WATCH_LIVE, so_far=Reconciled.LIVE)


def _ask_again(attempt: CallAttempt, reconciler: Reconciler, *, at: datetime, so_far: Reconciled) -> Reconciled:
    """Ask later, unless it is over by then; callbacks that moved the attempt on meanwhile do not stop the asking."""
    again = NewMessage(topic="reconcile", body={"attempt_id": attempt.id}, available_at=at)
    while not attempt.is_over:
        stands = reconciler.calls.move(attempt, again)
        if RANK[stands.state] <= RANK[attempt.state]:
            return so_far
        attempt = stands
    return Reconciled.OVER


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
