"""Somebody calls us: whose line they reached, who they are, and who talks with them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from shared.calls.answer import Connect, HangUp, connect
from shared.calls.attempt import AttemptState, CallAttempt, Direction, Purpose
from shared.calls.caller import InboundCall, caller_phone, is_withheld
from shared.calls.desk import DeskRepository, InboundDesk
from shared.calls.facts import Pricing
from shared.calls.gate import Seat
from shared.calls.horizons import Horizons
from shared.calls.ports import Capacity, Telephony
from shared.calls.tasks import TaskReason
from shared.campaigns import Campaign, OwnNumber, OwnNumberRepository, Seller
from shared.campaigns.ports import CampaignRepository
from shared.costs import Reservation
from shared.costs.ports import CostRepository
from shared.kernel.errors import Conflict, NotFound, Unavailable
from shared.kernel.ids import AttemptId, LeadId, new_id
from shared.kernel.money import Money
from shared.kernel.outbox import NewMessage
from shared.leads import Lead, LeadStatus

NOT_IN_SERVICE = "We are sorry, this number is not in service. Goodbye."
CLOSED = (
    "Thanks for calling {company}. Our office is closed right now. "
    "We have noted your number and will call you back. Goodbye."
)
BUSY = (
    "Thanks for calling {company}. Everybody is busy right now. "
    "We have noted your number and will call you back. Goodbye."
)


class InboundBook(DeskRepository, Protocol):
    """Where calls that come to us are written down. One method, one transaction."""

    def by_sid(self, sid: str) -> CallAttempt | None:
        """The attempt of a call of the carrier."""
        ...

    def lead_of(self, phone: str, *, seller_id: str) -> Lead | None:
        """The seller's lead with this number, the newest if there are several."""
        ...

    def admit(
        self,
        attempt: CallAttempt,
        lead: Lead,
        reservation: Reservation,
        *messages: NewMessage,
        task: tuple[TaskReason, datetime] | None = None,
    ) -> CallAttempt:
        """Keep the call with its lead, its reservation, its messages and the task that it leaves: all, or nothing.

        The attempt gets its number among the lead's inbound calls. It may come while we ring or talk to the same phone.

        Raises:
            Conflict: The carrier's call is kept already.
        """
        ...

    def silence(self, phone: str, *, now: datetime) -> Sequence[CallAttempt]:
        """Let nobody be talked to whom we ring at this phone and who has not answered; returns those attempts."""
        ...


@dataclass(frozen=True, kw_only=True)
class Reception:
    """What taking a call needs. ``worst_case`` is what is held for a call."""

    book: InboundBook
    numbers: OwnNumberRepository
    campaigns: CampaignRepository
    costs: CostRepository
    capacity: Capacity
    telephony: Telephony
    worst_case: Pricing
    token_secret: str
    horizons: Horizons


def take_call(call: InboundCall, *, reception: Reception, now: datetime) -> Connect | HangUp:
    """Put a caller through to a worker; when the desk is closed or every slot taken, promise a call back.

    No opt-out, pause or empty budget refuses a call that comes to us. A repeated request gets the same answer. If we
    are ringing this very phone, that ring is ended: they are on the line already.

    Raises:
        Unavailable: The books cannot be read or written.
    """
    books = reception
    known = books.book.by_sid(call.sid)
    if known is not None:
        return _again(known, reception, now)
    line = _line(call.number, reception)
    if line is None:
        return HangUp(reason="not one of our numbers", sentence=NOT_IN_SERVICE)
    own, seller = line
    phone = caller_phone(call)
    lead = books.book.lead_of(phone, seller_id=seller.id)
    campaign = _campaign(lead, own, reception)
    if campaign is None:
        return HangUp(reason="no campaign answers this number", sentence=NOT_IN_SERVICE)
    attempt, caller = _arrived(call, phone, lead, campaign, now)
    desk = books.book.desk(seller.id)
    seat = _seat(attempt.id, reception) if desk.is_open(now) else None
    try:
        _write(attempt, caller, seat, desk, reception, reception.worst_case(campaign), now)
    except Conflict:
        if seat is not None:
            books.capacity.release(attempt.id, worker=seat.worker)
        first = books.book.by_sid(call.sid)
        return _again(first, reception, now) if first else HangUp(reason="ended meanwhile")
    _stop_ringing(phone, reception, now)
    if seat is None:
        return _sorry(desk, seller, now)
    return connect(attempt.id, seat, gate=books, now=now)


def _line(number: str, reception: Reception) -> tuple[OwnNumber, Seller] | None:
    own = reception.numbers.by_phone(number)
    if own is None:
        return None
    return own, reception.campaigns.seller(own.seller_id)


def _campaign(lead: Lead | None, own: OwnNumber, reception: Reception) -> Campaign | None:
    """The campaign that the caller knows, else the number's own, else the seller's newest that shows the number."""
    for campaign_id in (lead.campaign_id if lead else None, own.campaign_id):
        if campaign_id is not None:
            try:
                return reception.campaigns.get(campaign_id)
            except NotFound:
                continue
    theirs = [each for each in reception.campaigns.all() if each.seller_id == own.seller_id]
    return next((each for each in theirs if each.caller_id == own.phone), next(iter(theirs), None))


def _arrived(
    call: InboundCall, phone: str, lead: Lead | None, campaign: Campaign, now: datetime
) -> tuple[CallAttempt, Lead]:
    """The call as an attempt, and its lead: one of their own for who is unknown, without consent to be called."""
    caller = lead or Lead(
        id=LeadId(new_id()),
        seller_id=campaign.seller_id,
        campaign_id=campaign.id,
        phone=phone,
        first_name="",
        source="inbound call",
        status=LeadStatus.NEW,
        created_at=now,
    )
    attempt = CallAttempt(
        id=AttemptId(new_id()),
        seller_id=campaign.seller_id,
        campaign_id=campaign.id,
        lead_id=caller.id,
        attempt_no=1,
        phone=phone,
        caller_id=call.number,
        direction=Direction.INBOUND,
        purpose=Purpose.INBOUND,
        variant=caller.variant,
        state=AttemptState.ANSWERED,
        planned_at=now,
        dial_deadline=now,
        provider_sid=call.sid,
        answered_at=now,
    )
    return attempt, caller


def _seat(attempt_id: AttemptId, reception: Reception) -> Seat | None:
    """A slot, the reserved ones included; without word of any worker there is none."""
    try:
        lease = reception.capacity.acquire(attempt_id, hold_for=reception.horizons.slot_for, leave_free=0)
    except Unavailable:
        return None
    return Seat(worker=lease.worker, epoch=lease.epoch, url=lease.url) if lease else None


def _write(
    attempt: CallAttempt,
    lead: Lead,
    seat: Seat | None,
    desk: InboundDesk,
    reception: Reception,
    amount: Money,
    now: datetime,
) -> None:
    budgets = reception.costs.budgets_for_inbound(attempt.seller_id, now)
    ids = tuple(budget.id for budget in budgets)
    reservation = Reservation(attempt_id=attempt.id, budget_ids=ids, amount=amount, is_bounded=False, made_at=now)
    watch_at = now + reception.horizons.watch_live
    watch = NewMessage(topic="reconcile", body={"attempt_id": attempt.id}, available_at=watch_at)
    if seat is not None:
        seated = replace(attempt, worker=seat.worker, slot_epoch=seat.epoch, worker_url=seat.url)
        reception.book.admit(seated, lead, reservation, watch)
        return
    due_at = desk.next_opening(now)
    reason = TaskReason.FULL if desk.is_open(now) else TaskReason.OUTSIDE_HOURS
    missed = replace(attempt, end_reason=reason.value)
    task = None if is_withheld(attempt.phone) else (reason, due_at)
    reception.book.admit(missed, _promised(lead, due_at), reservation, watch, task=task)


def _promised(lead: Lead, due_at: datetime) -> Lead:
    """The lead with its call-back, no later than one it was promised before."""
    if lead.status is LeadStatus.OPTED_OUT or is_withheld(lead.phone):
        return lead
    return replace(lead, promised_at=min(lead.promised_at or due_at, due_at))


def _again(attempt: CallAttempt, reception: Reception, now: datetime) -> Connect | HangUp:
    """The answer that this call got before."""
    if attempt.is_over:
        return HangUp(reason="attempt is over")
    if attempt.worker and attempt.slot_epoch and attempt.worker_url:
        seat = Seat(worker=attempt.worker, epoch=attempt.slot_epoch, url=attempt.worker_url)
        return connect(attempt.id, seat, gate=reception, now=now)
    seller = reception.campaigns.seller(attempt.seller_id)
    sentence = BUSY if attempt.end_reason == TaskReason.FULL else CLOSED
    return HangUp(reason=attempt.end_reason or "no seat", sentence=sentence.format(company=seller.registered_name))


def _sorry(desk: InboundDesk, seller: Seller, now: datetime) -> HangUp:
    is_open = desk.is_open(now)
    sentence = BUSY if is_open else CLOSED
    reason = TaskReason.FULL if is_open else TaskReason.OUTSIDE_HOURS
    return HangUp(reason=reason.value, sentence=sentence.format(company=seller.registered_name))


def _stop_ringing(phone: str, reception: Reception, now: datetime) -> None:
    """End the rings to who is on the line already; what the carrier does not end now, the gate ends at the answer."""
    for attempt in reception.book.silence(phone, now=now):
        if attempt.provider_sid is not None:
            try:
                reception.telephony.hang_up(attempt.provider_sid)
            except Unavailable:
                continue
