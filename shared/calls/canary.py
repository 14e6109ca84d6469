"""The synthetic call: a test number of ours that is rung now and then, the whole road, to see whether it is open."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.calls.attempt import CallAttempt
from shared.leads import Lead, LeadStatus

DIALLED_WITHIN = timedelta(minutes=10)
"""How long after its time the call may begin to ring."""
ON_THE_LINE_WITHIN = timedelta(minutes=3)
"""How long after it began to ring its media stream may begin."""


@dataclass(frozen=True, kw_only=True)
class CanaryLook:
    """What a look at the test number says: ``failure`` is why its last call did not arrive; ``is_due`` for the next."""

    failure: str | None
    is_due: bool


def look_at_canary(lead: Lead, attempts: Sequence[CallAttempt], *, now: datetime, every: timedelta) -> CanaryLook:
    """How the last synthetic call went.

    A call that permission put off, for the hour or for too many calls, is no failure: nobody else is rung then either.
    """
    rung = [attempt for attempt in attempts if attempt.dial_started_at is not None]
    last = max(rung, key=lambda attempt: attempt.planned_at, default=None)
    waits = lead.next_attempt_at if lead.status is LeadStatus.READY else None
    if waits is not None:
        return CanaryLook(failure="not dialled" if waits + DIALLED_WITHIN < now else _fault(last, now), is_due=False)
    is_under_way = lead.status is LeadStatus.CLAIMED or any(not attempt.is_over for attempt in attempts)
    is_rested = last is None or last.planned_at + every <= now
    return CanaryLook(failure=_fault(last, now), is_due=is_rested and not is_under_way)


def canary_planned(lead: Lead, now: datetime) -> Lead:
    """The test number, to be rung at once: as promised, so that no cadence but only the law counts its calls."""
    return replace(lead.postponed_to(now), promised_at=now)


def _fault(last: CallAttempt | None, now: datetime) -> str | None:
    if last is None or last.dial_started_at is None or now < last.dial_started_at + ON_THE_LINE_WITHIN:
        return None
    if last.answered_at is None:
        return "not answered"
    return "no media stream" if last.streamed_at is None else None
