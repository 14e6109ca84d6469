"""End an attempt that rang nobody."""

from dataclasses import replace
from datetime import datetime

from shared.calls.attempt import AttemptState, CallAttempt
from shared.calls.ports import CallRepository, Capacity
from shared.costs.ports import CostRepository
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
    """End it in ``state`` because of ``why``: money and slot go back, the closing moves its lead on. Safe to repeat."""
    ended = calls.move(
        replace(attempt, state=state, end_reason=why, ended_at=now),
        NewMessage(topic="close", body={"attempt_id": attempt.id}),
    )
    if ended.state is state:
        costs.void(attempt.id)
    if attempt.worker:
        capacity.release(attempt.id, worker=attempt.worker)
    return ended
