"""The person answered: the last gate, and where the carrier should send the sound."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.calls.attempt import RANK, AttemptState, CallAttempt
from shared.calls.decide import decide
from shared.calls.facts import FactSource, Moment
from shared.calls.permission import Verdict
from shared.calls.ports import Lease
from shared.calls.token import sign_token
from shared.kernel.ids import AttemptId
from shared.leads import LeadStatus

MOST_RECOVERIES = 2
SLOT_FOR = timedelta(seconds=30)
SORRY = "We are sorry, we cannot connect this call right now. We will not keep you. Goodbye."
APOLOGY = "We are sorry, we lost the connection. We will call you back. Goodbye."


@dataclass(frozen=True, kw_only=True)
class Connect:
    """Send the sound to a worker. ``url`` is its media socket, ``token`` opens it; ``recovered`` counts reconnects."""

    attempt_id: AttemptId
    url: str
    token: str
    recovered: int = 0


@dataclass(frozen=True, kw_only=True)
class HangUp:
    """End the call, after saying ``sentence`` if there is one; ``reason`` is for the log."""

    reason: str
    sentence: str = ""


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What the gate needs: the facts, and the secret and lifetime of the call tokens it hands out."""

    sources: FactSource
    token_secret: str
    token_lifetime: timedelta


def answer_call(attempt_id: AttemptId, sid: str, *, gate: Gate, now: datetime) -> Connect | HangUp:
    """Let an answered call through to its worker iff it is ours, still allowed, and somebody can talk.

    A repeated request for the same call gets the same answer.

    Raises:
        NotFound: There is no such attempt.
        Unavailable: The facts cannot be read.
    """
    sources = gate.sources
    attempt = sources.calls.get(attempt_id)
    stranger = _is_not_ours(attempt, sid)
    if stranger:
        return HangUp(reason=stranger)
    if RANK[attempt.state] > RANK[AttemptState.ANSWERED]:
        return HangUp(reason="already streaming")
    facts = sources.for_attempt(attempt, Moment.ANSWER, holds_slot=True, now=now)
    permission = decide(facts, now=now)
    sources.calls.record(permission, attempt_id=attempt_id)
    if permission.verdict is not Verdict.ALLOW:
        sources.calls.move(replace(attempt, end_reason="not_allowed", provider_sid=sid))
        return HangUp(reason="not allowed")
    lease = _worker(attempt, sources)
    if lease is None:
        sources.calls.move(replace(attempt, end_reason="no_worker", provider_sid=sid))
        return HangUp(reason="no worker", sentence=SORRY)
    answered = replace(
        attempt,
        state=AttemptState.ANSWERED,
        provider_sid=sid,
        answered_at=attempt.answered_at or now,
        worker=lease.worker,
        slot_epoch=lease.epoch,
    )
    if sources.calls.move(answered).is_over:
        return HangUp(reason="ended meanwhile")
    return _connect(attempt_id, lease, gate=gate, now=now)


def recover_call(
    attempt_id: AttemptId, sid: str, *, ended_normally: bool, gate: Gate, now: datetime
) -> Connect | HangUp:
    """The stream is gone and the person is still there: connect again, at most twice, or apologise.

    Whoever asked us to stop hears nothing more, even if the hang-up that followed was lost.

    Raises:
        NotFound: There is no such attempt.
        Unavailable: The attempt cannot be read.
    """
    sources = gate.sources
    attempt = sources.calls.get(attempt_id)
    stranger = _is_not_ours(attempt, sid)
    if stranger or ended_normally:
        return HangUp(reason=stranger or "ended normally")
    if sources.leads.get(attempt.lead_id).status is LeadStatus.OPTED_OUT:
        return HangUp(reason="opted out")
    lease = _worker(attempt, sources) if attempt.recoveries < MOST_RECOVERIES else None
    if lease is None:
        sources.calls.move(replace(attempt, end_reason="lost_connection"))
        return HangUp(reason="cannot recover", sentence=APOLOGY)
    recovering = replace(
        attempt,
        state=AttemptState.RECOVERING,
        recoveries=attempt.recoveries + 1,
        worker=lease.worker,
        slot_epoch=lease.epoch,
    )
    if sources.calls.move(recovering).is_over:
        return HangUp(reason="ended meanwhile")
    return _connect(attempt_id, lease, gate=gate, now=now, recovered=recovering.recoveries)


def _is_not_ours(attempt: CallAttempt, sid: str) -> str | None:
    """Why this call must not be talked to, if so: it may be a second ring of the same attempt."""
    if attempt.is_over:
        return "attempt is over"
    if attempt.state is AttemptState.PLANNED:
        return "attempt was never dialled"
    if attempt.provider_sid not in (None, sid):
        return "attempt belongs to another call"
    return None


def _worker(attempt: CallAttempt, sources: FactSource) -> Lease | None:
    """The worker that holds the attempt's slot, if it lives on; otherwise any other with room."""
    lease = sources.capacity.lease_of(attempt.worker) if attempt.worker else None
    if lease and lease.ready and lease.epoch == attempt.slot_epoch:
        return lease
    return sources.capacity.acquire(attempt.id, hold_for=SLOT_FOR)


def _connect(attempt_id: AttemptId, lease: Lease, *, gate: Gate, now: datetime, recovered: int = 0) -> Connect:
    token = sign_token(
        gate.token_secret,
        attempt_id=attempt_id,
        worker=lease.worker,
        epoch=lease.epoch,
        expires_at=now + gate.token_lifetime,
    )
    url = f"{lease.url.rstrip('/')}/w/{lease.worker}/{attempt_id}"
    return Connect(attempt_id=attempt_id, url=url, token=token, recovered=recovered)
