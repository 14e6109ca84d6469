"""End an attempt that rang nobody, and let go of what an ended one held."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from shared.calls.attempt import AttemptState, CallAttempt
from shared.calls.ports import CallRepository, Capacity
from shared.costs.ports import CostRepository
from shared.kernel.errors import Unavailable
from shared.kernel.outbox import NewMessage


def give_up(
    attempt: CallAttempt,
    state: AttemptState,
    *,
    why: str,
    calls: CallRepository,
    costs: CostRepository,
    capacity: Capacity,
    now: datetime,
) -> CallAttempt:
    """End it in ``state`` because of ``why``: money and slot go back, the closing moves its lead on. Safe to repeat.

    An attempt that went on meanwhile, because someone dialled it or the carrier has it, goes on.
    """
    ended = calls.move(
        replace(attempt, state=state, end_reason=why, ended_at=now),
        NewMessage(topic="close", body={"attempt_id": attempt.id}),
    )
    if ended.state is state:
        costs.void(attempt.id, now=now)
    if ended.is_over:
        release_slot(attempt, capacity)
    return ended


def release_slot(attempt: CallAttempt, capacity: Capacity) -> None:
    """Free the attempt's slot, if it holds one. Where that cannot be told now, the hold ends by itself."""
    if attempt.worker is None:
        return
    with suppress(Unavailable):
        capacity.release(attempt.id, worker=attempt.worker)
