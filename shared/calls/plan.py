"""Plan one attempt: hold a slot, then claim the lead, the money and the messages at once."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.calls.attempt import CallAttempt, Direction, Purpose
from shared.calls.claims import CampaignFull
from shared.calls.facts import FactSource
from shared.calls.horizons import Horizons
from shared.calls.permission import Permission
from shared.calls.ports import Lease
from shared.calls.room import Room
from shared.campaigns import Campaign
from shared.costs import BudgetExhausted, Reservation
from shared.kernel.errors import Conflict, ReautoError
from shared.kernel.ids import AttemptId
from shared.kernel.outbox import NewMessage
from shared.leads import Lead, LeadStatus

DIAL = "dial"
NO_ROOM = "no voice worker has room"
TAKEN = "another round claims the same leads"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The attempt that a round wants: whom, for which campaign, from which number, and what allowed it.

    ``earlier`` are the lead's attempts so far. ``place`` counts the attempts that the round planned before: they are
    dialled one after the other.
    """

    attempt_id: AttemptId
    lead: Lead
    campaign: Campaign
    caller_id: str
    permission: Permission
    room: Room
    place: int
    earlier: tuple[CallAttempt, ...]


def plan_attempt(wish: Wish, *, sources: FactSource, horizons: Horizons, now: datetime) -> str | None:
    """Plan it; why not, if it could not be.

    The slot comes first: a lead is never claimed for a call that nobody could talk in.
    """
    lease = sources.capacity.acquire(wish.attempt_id, hold_for=horizons.dial_within, leave_free=wish.room.leave_free)
    if lease is None:
        return NO_ROOM
    attempt = _attempt(wish, lease, horizons=horizons, now=now)
    reservation = Reservation(
        attempt_id=attempt.id, budget_ids=wish.room.budget_ids, amount=wish.room.worst_case, made_at=now
    )
    messages = _messages(attempt, wish.place, horizons=horizons, now=now)
    try:
        sources.calls.plan(attempt, _claimed(wish.lead, attempt), wish.permission, reservation, *messages)
    except (BudgetExhausted, CampaignFull, Conflict) as refusal:
        sources.capacity.release(attempt.id, worker=lease.worker)
        return _reason(refusal)
    return None


def _reason(refusal: ReautoError) -> str:
    if isinstance(refusal, BudgetExhausted):
        return "the budget has no room for another call"
    return "the campaign rings as many phones as it may" if isinstance(refusal, CampaignFull) else TAKEN


def _attempt(wish: Wish, lease: Lease, *, horizons: Horizons, now: datetime) -> CallAttempt:
    lead, campaign, earlier = wish.lead, wish.campaign, wish.earlier
    variant = campaign.plan.variant_of(lead.variant, lead.phone)
    return CallAttempt(
        id=wish.attempt_id,
        seller_id=lead.seller_id,
        campaign_id=campaign.id,
        lead_id=lead.id,
        attempt_no=max((each.attempt_no for each in earlier), default=0) + 1,
        phone=lead.phone,
        caller_id=wish.caller_id,
        purpose=_purpose(lead, was_rung=any(_is_ours(each) for each in earlier), now=now),
        variant=variant.name if variant else None,
        planned_at=now,
        dial_deadline=now + horizons.dial_within,
        time_limit=wish.room.time_limit,
        worker=lease.worker,
        slot_epoch=lease.epoch,
        worker_url=lease.url,
    )


def _purpose(lead: Lead, *, was_rung: bool, now: datetime) -> Purpose:
    if lead.promised_at is not None and lead.promised_at <= now:
        return Purpose.CALLBACK
    return Purpose.RETRY if was_rung else Purpose.FIRST


def _is_ours(attempt: CallAttempt) -> bool:
    return attempt.direction is Direction.OUTBOUND and attempt.has_rung


def _claimed(lead: Lead, attempt: CallAttempt) -> Lead:
    """The lead, claimed; a promised call-back does not count against the cadence."""
    claimed = lead.claimed() if attempt.purpose is not Purpose.CALLBACK else replace(lead, status=LeadStatus.CLAIMED)
    return replace(claimed, variant=attempt.variant or lead.variant)


def _messages(attempt: CallAttempt, place: int, *, horizons: Horizons, now: datetime) -> tuple[NewMessage, NewMessage]:
    """The message that has it dialled, in its turn, and the one that ends it should nobody have."""
    about_it = {"attempt_id": attempt.id}
    turn = now + place * horizons.dial_every if place else None
    return (
        NewMessage(topic=DIAL, body=about_it, group=attempt.seller_id, available_at=turn),
        NewMessage(topic=DIAL, body=about_it, group=attempt.seller_id, available_at=attempt.dial_deadline),
    )
