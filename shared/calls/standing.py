"""What stands when two writers tell of the same attempt: the furthest state, and every fact that either knew."""

from dataclasses import replace

from shared.calls.attempt import RANK, AttemptState, CallAttempt
from shared.calls.joins import ANSWERED_BY_ORDER, RESULT_ORDER, earlier, larger, later_of
from shared.kernel.errors import Conflict

MOST_RANK_BEFORE = {AttemptState.CANCELLED: 0, AttemptState.REJECTED: 1, AttemptState.NOT_PLACED: 1}
"""Endings of our own making: they give way to whoever dialled meanwhile, and to what the carrier says."""


def standing(known: CallAttempt, told: CallAttempt) -> CallAttempt | None:
    """The attempt once ``told`` is kept over ``known``, or ``None`` when it has gone further or is over otherwise.

    No fact that is known is unlearned, and what the carrier says is joined: whoever read an older inbox and writes
    later changes nothing.

    Raises:
        Conflict: They are bound to different calls of the carrier.
    """
    if told.state is not known.state:
        most = MOST_RANK_BEFORE.get(told.state, RANK[told.state])
        if known.is_over or RANK[known.state] > most:
            return None
    if known.provider_sid and told.provider_sid and known.provider_sid != told.provider_sid:
        raise Conflict(f"attempt {known.id} is bound to call {known.provider_sid}, not {told.provider_sid}")
    return replace(
        known,
        state=told.state,
        dial_started_at=earlier(known.dial_started_at, told.dial_started_at),
        provider_sid=known.provider_sid or told.provider_sid,
        worker=told.worker or known.worker,
        slot_epoch=told.slot_epoch or known.slot_epoch,
        answered_at=earlier(known.answered_at, told.answered_at),
        streamed_at=earlier(known.streamed_at, told.streamed_at),
        ended_at=earlier(known.ended_at, told.ended_at),
        answered_by=later_of(ANSWERED_BY_ORDER, known.answered_by, told.answered_by),
        provider_result=later_of(RESULT_ORDER, known.provider_result, told.provider_result),
        sip_code=larger(known.sip_code, told.sip_code),
        duration_seconds=larger(known.duration_seconds, told.duration_seconds),
        end_reason=told.end_reason or known.end_reason,
        recoveries=max(known.recoveries, told.recoveries),
        looks=max(known.looks, told.looks),
    )
