"""Callbacks joined into their attempt: any order, any repetition, the same result."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from shared.calls.attempt import RANK, AttemptState, CallAttempt
from shared.calls.callback import Told, read_event
from shared.calls.ports import CallRepository, Capacity, ProviderEvent
from shared.kernel.ids import AttemptId
from shared.kernel.outbox import NewMessage

RESULT_ORDER = ("canceled", "failed", "no-answer", "busy", "completed")
"""Of two endings that contradict each other the later one counts: a call that was held was not busy."""
ANSWERED_BY_ORDER = (
    "unknown",
    "human",
    "fax",
    "machine_start",
    "machine_end_other",
    "machine_end_silence",
    "machine_end_beep",
)


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
    is_ending = told.state is AttemptState.ENDED
    duration, known = told.duration_seconds, attempt.duration_seconds
    return replace(
        attempt,
        state=state,
        answered_at=_earlier(attempt.answered_at, told.at if told.state is AttemptState.ANSWERED else None),
        streamed_at=_earlier(attempt.streamed_at, told.at if told.state is AttemptState.STREAMING else None),
        ended_at=_earlier(attempt.ended_at, told.at if is_ending else None),
        provider_result=_later_of(RESULT_ORDER, attempt.provider_result, told.result),
        answered_by=_later_of(ANSWERED_BY_ORDER, attempt.answered_by, told.answered_by),
        duration_seconds=duration if known is None else known if duration is None else max(known, duration),
    )


def _earlier(known: datetime | None, told: datetime | None) -> datetime | None:
    if known is None or told is None:
        return known or told
    return min(known, told)


def _later_of(order: tuple[str, ...], known: str | None, told: str | None) -> str | None:
    """The one that stands later in ``order``; a word that is not in it comes first, by the alphabet."""
    words = [word for word in (known, told) if word]
    return max(words, key=lambda word: (order.index(word) if word in order else -1, word), default=None)


def fold_attempt(attempt_id: AttemptId, *, calls: CallRepository, capacity: Capacity) -> CallAttempt:
    """Bring an attempt up to date with its inbox; once it is over, free its slot and have the call closed.

    Safe to repeat: the whole inbox is joined each time.

    Raises:
        NotFound: There is no such attempt.
    """
    attempt = calls.get(attempt_id)
    folded = fold(attempt, calls.events(attempt_id))
    if folded != attempt:
        closing = [NewMessage(topic="close", body={"attempt_id": attempt_id})] if folded.is_over else []
        folded = calls.move(folded, *closing)
    if folded.is_over and folded.worker:
        capacity.release(attempt_id, worker=folded.worker)
    return folded
