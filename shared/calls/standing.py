"""What stands when two writers tell of the same attempt: the furthest state, and every fact that either knew."""

from dataclasses import replace
from datetime import datetime

from shared.calls.attempt import RANK, CallAttempt
from shared.kernel.errors import Conflict


def standing(known: CallAttempt, told: CallAttempt) -> CallAttempt | None:
    """The attempt once ``told`` is kept over ``known``, or ``None`` when its rank would fall or it is over otherwise.

    No fact that is known is unlearned; of two moments of the same thing the earlier one counts.

    Raises:
        Conflict: They are bound to different calls of the carrier.
    """
    if RANK[told.state] < RANK[known.state] or (known.is_over and told.state is not known.state):
        return None
    if known.provider_sid and told.provider_sid and known.provider_sid != told.provider_sid:
        raise Conflict(f"attempt {known.id} is bound to call {known.provider_sid}, not {told.provider_sid}")
    return replace(
        known,
        state=told.state,
        dial_started_at=_earlier(known.dial_started_at, told.dial_started_at),
        provider_sid=known.provider_sid or told.provider_sid,
        worker=told.worker or known.worker,
        slot_epoch=told.slot_epoch or known.slot_epoch,
        answered_at=_earlier(known.answered_at, told.answered_at),
        streamed_at=_earlier(known.streamed_at, told.streamed_at),
        ended_at=_earlier(known.ended_at, told.ended_at),
        answered_by=told.answered_by or known.answered_by,
        provider_result=told.provider_result or known.provider_result,
        duration_seconds=known.duration_seconds if told.duration_seconds is None else told.duration_seconds,
        end_reason=told.end_reason or known.end_reason,
        recoveries=max(known.recoveries, told.recoveries),
    )


def _earlier(known: datetime | None, told: datetime | None) -> datetime | None:
    if known is None or told is None:
        return known or told
    return min(known, told)
