"""Callbacks joined into their attempt: any order, any repetition, the same result."""

from collections.abc import Iterable
from dataclasses import replace

from shared.calls.attempt import RANK, AttemptState, CallAttempt
from shared.calls.callback import Told, read_event
from shared.calls.give_up import release_slot
from shared.calls.joins import ANSWERED_BY_ORDER, RESULT_ORDER, earlier, larger, later_of
from shared.calls.ports import CallRepository, Capacity, ProviderEvent
from shared.kernel.ids import AttemptId
from shared.kernel.outbox import NewMessage


def fold(attempt: CallAttempt, events: Iterable[ProviderEvent]) -> CallAttempt:
    """The attempt with everything the carrier told of it. A join: commutative, associative, idempotent.

    Callbacks of another call than the one that is bound are left out. What is over stays as it is over, but still
    learns its duration, its result and who answered.
    """
    told = [read_event(event) for event in events]
    sid = attempt.provider_sid or min((each.sid for each in told if each.sid), default=None)
    folded = replace(attempt, provider_sid=sid)
    for each in told:
        if each.sid in (None, sid):
            folded = _joined(folded, each)
    return folded


def _joined(attempt: CallAttempt, told: Told) -> CallAttempt:
    state = attempt.state
    if told.state is not None and RANK[told.state] > RANK[state]:
        state = told.state
    return replace(
        attempt,
        state=state,
        answered_at=earlier(attempt.answered_at, told.at if told.state is AttemptState.ANSWERED else None),
        streamed_at=earlier(attempt.streamed_at, told.at if told.state is AttemptState.STREAMING else None),
        ended_at=earlier(attempt.ended_at, told.at if told.state is AttemptState.ENDED else None),
        provider_result=later_of(RESULT_ORDER, attempt.provider_result, told.result),
        sip_code=larger(attempt.sip_code, told.sip_code),
        answered_by=later_of(ANSWERED_BY_ORDER, attempt.answered_by, told.answered_by),
        duration_seconds=larger(attempt.duration_seconds, told.duration_seconds),
    )


def fold_attempt(attempt_id: AttemptId, *, calls: CallRepository, capacity: Capacity) -> CallAttempt:
    """Bring an attempt up to date with its inbox; once it is over, free its slot and have the call closed.

    Safe to repeat: the whole inbox is joined each time. A slot that cannot be freed now ends by itself.

    Raises:
        NotFound: There is no such attempt.
    """
    attempt = calls.get(attempt_id)
    folded = fold(attempt, calls.events(attempt_id))
    if folded != attempt:
        closing = [NewMessage(topic="close", body={"attempt_id": attempt_id})] if folded.is_over else []
        # The inbox knows nothing of workers: the answer may have moved the call to another one meanwhile.
        folded = calls.move(replace(folded, worker=None, slot_epoch=None, worker_url=None, end_reason=None), *closing)
    if folded.is_over:
        release_slot(folded, capacity)
    return folded
