"""Callbacks joined into their attempt: any order, any repetition, the same result."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial, reduce

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
    ours = [each for each in told if each.sid in (None, sid)]
    return replace(
        attempt,
        provider_sid=sid,
        state=max((attempt.state, *(each.state for each in ours if each.state)), key=RANK.__getitem__),
        answered_at=_first(attempt.answered_at, AttemptState.ANSWERED, ours),
        streamed_at=_first(attempt.streamed_at, AttemptState.STREAMING, ours),
        ended_at=_first(attempt.ended_at, AttemptState.ENDED, ours),
        provider_result=reduce(
            partial(later_of, RESULT_ORDER), (each.result for each in ours), attempt.provider_result
        ),
        sip_code=reduce(larger, (each.sip_code for each in ours), attempt.sip_code),
        answered_by=reduce(
            partial(later_of, ANSWERED_BY_ORDER), (each.answered_by for each in ours), attempt.answered_by
        ),
        duration_seconds=reduce(larger, (each.duration_seconds for each in ours), attempt.duration_seconds),
    )


def _first(known: datetime | None, state: AttemptState, told: Iterable[Told]) -> datetime | None:
    """When the attempt came to a state, by whoever has it earliest."""
    return reduce(earlier, (each.at for each in told if each.state is state), known)


def uncounted(attempt: CallAttempt, events: Sequence[ProviderEvent]) -> Sequence[str]:
    """Calls that the carrier made for the attempt beside its own, and of which nobody has said that they ended."""
    if all(event.sid in ("", attempt.provider_sid) for event in events):
        return []
    told = [read_event(event) for event in events]
    others = {each.sid for each in told if each.sid not in (None, attempt.provider_sid)}
    ended = {each.sid for each in told if each.state is AttemptState.ENDED}
    return sorted(sid for sid in others - ended if sid) if attempt.provider_sid else []


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
