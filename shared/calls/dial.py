"""Ring one planned attempt, at most once."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from shared.calls.attempt import AttemptState, CallAttempt
from shared.calls.decide import decide, is_only_about_us
from shared.calls.dialler import Dialler, DialResult, end
from shared.calls.facts import Moment
from shared.calls.horizons import Horizons
from shared.calls.pace import AT_ONCE
from shared.calls.permission import Permission, Verdict
from shared.calls.place import place_call
from shared.calls.ports import Lease
from shared.campaigns import Campaign
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId
from shared.kernel.outbox import NewMessage

__all__ = ["DialResult", "Dialler", "dial_attempt"]


def dial_attempt(attempt_id: AttemptId, *, dialler: Dialler, now: datetime) -> DialResult:
    """Check once more, hold a slot, take the attempt, and ask the carrier to ring; never twice for one attempt.

    Without room, token or carrier the message comes again, until the deadline. A crash after the attempt was taken
    leaves it ``dialing`` for the reconciler: the carrier keeps no idempotency keys, so a request that may have been
    heard is never repeated.

    Raises:
        NotFound: There is no such attempt.
        Unavailable: The facts cannot be read; nothing was dialled and the message may come again.
    """
    sources = dialler.sources
    attempt = sources.calls.get(attempt_id)
    if attempt.state is not AttemptState.PLANNED:
        return DialResult.NOT_PLANNED
    if now >= attempt.dial_deadline:
        return end(attempt, AttemptState.CANCELLED, DialResult.STALE, sources=sources, now=now)
    blocked = dialler.breaker.blocked_for(dialler.account)
    if blocked > AT_ONCE:
        return _again(attempt, DialResult.ACCOUNT_BLOCKED, dialler, now, wait=blocked)
    campaign = sources.campaigns.get(attempt.campaign_id)
    facts = sources.for_attempt(attempt, Moment.DIAL, campaign=campaign, holds_slot=True, now=now)
    lease = sources.capacity.acquire(
        attempt_id,
        hold_for=campaign.ring_timeout + dialler.horizons.answer_within,
        leave_free=sources.campaigns.inbound_reserve(),
    )
    if lease is None:
        return _again(attempt, DialResult.NO_ROOM, dialler, now)
    permission = decide(facts, now=now)
    if permission.verdict is Verdict.DEFER and is_only_about_us(permission):
        return _again(attempt, DialResult.NO_ROOM, dialler, now)
    if permission.verdict is not Verdict.ALLOW:
        sources.calls.record(permission, attempt_id=attempt_id)
        held = replace(attempt, worker=lease.worker, slot_epoch=lease.epoch)
        return end(held, AttemptState.CANCELLED, DialResult.NOT_ALLOWED, sources=sources, now=now)
    return _take_and_place(attempt, campaign, lease, permission, dialler=dialler, now=now)


def _take_and_place(
    attempt: CallAttempt, campaign: Campaign, lease: Lease, permission: Permission, *, dialler: Dialler, now: datetime
) -> DialResult:
    """Take a token and the attempt, and ask the carrier; what was decided too long ago is decided anew."""
    calls, horizons = dialler.sources.calls, dialler.horizons
    wait = dialler.pacer.take(dialler.account)
    if wait > AT_ONCE:
        return _at(attempt, DialResult.TOO_FAST, dialler, dialler.moment(now) + wait)
    wait = dialler.breaker.admit(dialler.account)
    if wait > AT_ONCE:
        return _again(attempt, DialResult.ACCOUNT_BLOCKED, dialler, now, wait=wait)
    calls.record(permission, attempt_id=attempt.id)
    begun_at = dialler.moment(now)
    if begun_at - now > horizons.check_within or begun_at >= attempt.dial_deadline:
        return _not_asked(attempt, DialResult.TOO_SLOW, dialler, begun_at)
    if _closes_soon(permission, horizons, begun_at):
        return _not_asked(attempt, DialResult.CLOSES_SOON, dialler, begun_at)
    look = NewMessage(topic="reconcile", body={"attempt_id": attempt.id}, available_at=begun_at + horizons.first_look)
    allowed_until = permission.allowed_until
    is_taken = calls.begin_dialing(
        attempt.id,
        look,
        worker=lease.worker,
        slot_epoch=lease.epoch,
        worker_url=lease.url,
        talk_until=allowed_until + campaign.ring_timeout if allowed_until else None,
        now=begun_at,
    )
    stands = calls.get(attempt.id)
    if is_taken:
        return place_call(stands, campaign, dialler=dialler, now=begun_at)
    if stands.state is AttemptState.PLANNED:
        return _not_asked(stands, DialResult.HALTED, dialler, begun_at)
    _withdraw(dialler)
    return DialResult.NOT_PLANNED


def _closes_soon(permission: Permission, horizons: Horizons, begun_at: datetime) -> bool:
    """Whether the phone might ring when what allows it no longer does: the carrier may take its time to ring."""
    latest = begun_at + horizons.request_within + horizons.longest_queue
    return permission.allowed_until is not None and latest >= permission.allowed_until


def _not_asked(attempt: CallAttempt, why: DialResult, dialler: Dialler, now: datetime) -> DialResult:
    """The breaker let this dial through, and it asks nobody: another may try, and this one comes again."""
    _withdraw(dialler)
    return _again(attempt, why, dialler, now)


def _withdraw(dialler: Dialler) -> None:
    with suppress(Unavailable):
        dialler.breaker.withdraw(dialler.account)


def _again(
    attempt: CallAttempt, why: DialResult, dialler: Dialler, now: datetime, *, wait: timedelta = AT_ONCE
) -> DialResult:
    """Have the message come again in a while, at the deadline at the latest; no attempt is burnt."""
    horizons = dialler.horizons
    spread = (horizons.dial_again_by - horizons.dial_again) * dialler.scatter()
    return _at(attempt, why, dialler, now + max(wait, horizons.dial_again) + spread)


def _at(attempt: CallAttempt, why: DialResult, dialler: Dialler, due: datetime) -> DialResult:
    """Have the message come again then, at the deadline at the latest."""
    due = min(due, attempt.dial_deadline)
    message = NewMessage(topic="dial", body={"attempt_id": attempt.id}, group=attempt.seller_id, available_at=due)
    dialler.sources.calls.move(attempt, message)
    return why
