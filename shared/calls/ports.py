"""What the calls room needs from the outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.calls.attempt import CallAttempt
from shared.calls.claims import LeadClaims
from shared.calls.permission import Permission
from shared.calls.provider_event import ProviderEvent as ProviderEvent
from shared.costs import Reservation
from shared.kernel.errors import Refused
from shared.kernel.ids import AttemptId, CampaignId, LeadId, SellerId
from shared.kernel.outbox import NewMessage
from shared.leads import Lead


class BadNumber(Refused):
    """The carrier says that this number can never be rung."""


class CarrierRefused(Refused):
    """The carrier said a definite no to the request, which is not about the number."""


class AccountRefused(CarrierRefused):
    """The carrier said a definite no that every call of our account would get."""


@dataclass(frozen=True, kw_only=True)
class PlacedCall:
    """The carrier accepted a call. ``queue_time`` is how long it will wait before it rings."""

    sid: str
    queue_time: timedelta = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Dial:
    """What the carrier is asked to ring. Numbers are E.164; the attempt id travels in every callback path."""

    attempt_id: AttemptId
    to: str
    caller_id: str
    ring_timeout: timedelta
    time_limit: timedelta


class Telephony(Protocol):
    """Something that can ring a phone. Implemented by ``adapters.twilio``."""

    def place(self, dial: Dial) -> PlacedCall:
        """Start ringing and return at once. Never repeat it for the same attempt, whatever it raised.

        Raises:
            BadNumber: The number can never be rung.
            AccountRefused: The carrier refuses whatever the account asks.
            CarrierRefused: The carrier said a definite no to the request.
            Conflict: The carrier did not accept it for now (too many requests): nothing rings.
            Unavailable: It is unknown whether the phone rings.
        """
        ...

    def hang_up(self, sid: str) -> None:
        """End a call, ringing or live. A call that is already over is fine.

        Raises:
            Unavailable: The carrier failed; safe to repeat.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Lease:
    """What one voice worker says of itself: where it is reached and how many calls it can hold.

    ``load`` is what it uses of the processors now, in cores.
    """

    worker: str
    epoch: str
    url: str
    slots: int
    live: int
    ready: bool
    load: float = 0.0


class Capacity(Protocol):
    """Room for calls, by the workers' own leases. Losing it loses nothing but the right to dial."""

    def free(self) -> int:
        """Slots that are neither held nor live; zero when no worker holds a fresh lease."""
        ...

    def acquire(
        self, attempt_id: AttemptId, *, hold_for: timedelta, leave_free: int = 0, worker: str | None = None
    ) -> Lease | None:
        """Hold one slot of one ready worker for the attempt, or ``None``; of ``worker`` if it has one. Safe to repeat.

        Of several workers it is the one with the most free slots, less the busier it is.

        ``leave_free`` slots of all workers together stay free, for calls that come to us and calls to be recovered.
        """
        ...

    def lease_of(self, worker: str) -> Lease | None:
        """The worker's fresh lease, if it has one."""
        ...

    def release(self, attempt_id: AttemptId, *, worker: str) -> None:
        """Let go of the attempt's slot. Safe to repeat."""
        ...


@dataclass(frozen=True, kw_only=True)
class CallFacts:
    """How often this phone was rung lately; counted over all campaigns and numbers of the installation."""

    live_attempts: int
    attempts_last_24_hours: tuple[datetime, ...]
    attempts_total: int


class CallRepository(LeadClaims, Protocol):
    """Where attempts, decisions and the carrier's callbacks are kept."""

    def get(self, attempt_id: AttemptId) -> CallAttempt:
        """The attempt.

        Raises:
            NotFound: There is no such attempt.
        """
        ...

    def facts(self, phone: str, *, since: datetime, apart_from: AttemptId | None = None) -> CallFacts:
        """What is known of earlier attempts to a number; ``apart_from`` leaves one attempt out."""
        ...

    def live_in_campaign(self, campaign_id: CampaignId) -> int:
        """How many phones the campaign rings or talks to; calls that came to us do not count."""
        ...

    def plan(
        self, attempt: CallAttempt, lead: Lead, permission: Permission, reservation: Reservation, *messages: NewMessage
    ) -> None:
        """Claim the lead, keep the attempt, the decision and the messages, and hold the money: all, or nothing.

        Raises:
            Conflict: The lead is no longer ready, or its phone already has a live attempt.
            CampaignFull: The campaign rings as many phones as it may, at once or in the minute before.
            BudgetExhausted: The budget has no room for the reservation.
        """
        ...

    def decline(self, lead: Lead, permission: Permission, *messages: NewMessage) -> None:
        """Keep a decision that did not allow a call, the lead moved accordingly if it waits on, and the messages."""
        ...

    def record(self, permission: Permission, *, attempt_id: AttemptId) -> None:
        """Keep a later decision about an attempt that was planned."""
        ...

    def permissions(self, lead_id: LeadId) -> Sequence[Permission]:
        """Every decision about a lead, oldest first."""
        ...

    def begin_dialing(
        self,
        attempt_id: AttemptId,
        *messages: NewMessage,
        worker: str,
        slot_epoch: str,
        worker_url: str | None = None,
        talk_until: datetime | None = None,
        now: datetime,
    ) -> bool:
        """Move planned → dialing, with the worker, until when it may talk, and the messages that follow.

        The only way to dial. ``False`` when someone else did, it is over, its lead is no longer claimed, its campaign
        does not run, or a stop switch is thrown: whatever was true a moment before, it counts as this is written.
        """
        ...

    def unanswered(self, *, seller_id: SellerId | None, campaign_id: CampaignId | None) -> Sequence[CallAttempt]:
        """Attempts of ours that may ring or are about to, and that nobody has answered."""
        ...

    def owner_of(self, sid: str) -> AttemptId | None:
        """The attempt that is bound to the carrier's call, if there is one."""
        ...

    def bind(self, attempt_id: AttemptId, sid: str, *, now: datetime) -> CallAttempt:
        """Write the carrier's id once and move to placed if nothing later was heard yet.

        Raises:
            Conflict: The attempt already has another sid.
        """
        ...

    def move(self, attempt: CallAttempt, *messages: NewMessage) -> CallAttempt:
        """Keep a changed attempt, unless its rank would fall, and the messages that follow; returns what stands."""
        ...

    def look_again(self, attempt: CallAttempt, *, at: datetime) -> CallAttempt:
        """Have the attempt reconciled then, unless its ``looks`` were raised since it was read; returns what stands."""
        ...

    def receive(self, event: ProviderEvent, *messages: NewMessage) -> bool:
        """Keep a callback and the messages that follow from it; ``False`` when it was already received."""
        ...

    def events(self, attempt_id: AttemptId) -> Sequence[ProviderEvent]:
        """Every callback received for the attempt, in the order of arrival."""
        ...

    def of_lead(self, lead_id: LeadId) -> Sequence[CallAttempt]:
        """The lead's attempts, oldest first."""
        ...

    def close(
        self, attempt: CallAttempt, lead: Lead, disposition: str, *messages: NewMessage, was: Lead | None = None
    ) -> bool:
        """Keep how the attempt ended for its lead; ``False`` when it was closed before.

        ``was`` is the lead as it was read, with which ``LeadRepository.save`` keeps what others changed meanwhile.

        Raises:
            Conflict: The lead moved since it was read.
        """
        ...

    def disposition(self, attempt_id: AttemptId) -> str | None:
        """How the attempt was closed, if it was."""
        ...
