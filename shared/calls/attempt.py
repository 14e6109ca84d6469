"""A call attempt: the intent to ring one person once, and what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.calls.gate import NO_WORKER, NOT_ALLOWED
from shared.kernel.ids import AttemptId, CampaignId, LeadId, SellerId


class AttemptState(StrEnum):
    """Where an attempt stands; see ``RANK`` for their order."""

    PLANNED = "planned"
    DIALING = "dialing"
    UNKNOWN = "unknown"
    PLACED = "placed"
    INITIATED = "initiated"
    RINGING = "ringing"
    ANSWERED = "answered"
    STREAMING = "streaming"
    RECOVERING = "recovering"
    ENDED = "ended"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    NOT_PLACED = "not_placed"


RANK: dict[AttemptState, int] = {
    AttemptState.PLANNED: 0,
    AttemptState.DIALING: 1,
    AttemptState.UNKNOWN: 1,
    AttemptState.PLACED: 2,
    AttemptState.INITIATED: 3,
    AttemptState.RINGING: 4,
    AttemptState.ANSWERED: 5,
    AttemptState.STREAMING: 6,
    AttemptState.RECOVERING: 6,
    AttemptState.ENDED: 9,
    AttemptState.CANCELLED: 9,
    AttemptState.REJECTED: 9,
    AttemptState.NOT_PLACED: 9,
}
TERMINAL = frozenset(state for state, rank in RANK.items() if rank == 9)
NEVER_RANG = frozenset({AttemptState.CANCELLED, AttemptState.REJECTED, AttemptState.NOT_PLACED})
"""Ended before the carrier took the call, as far as we know; a call that it has all the same did ring."""


TURNED_AWAY = frozenset({NO_WORKER, NOT_ALLOWED, "outside_hours", "full"})
"""Why an answered call was let through to nobody, so that no report of it will come."""


class Direction(StrEnum):
    """Who rang whom."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"


class Purpose(StrEnum):
    """Why a phone rings."""

    FIRST = "first"
    RETRY = "retry"
    CALLBACK = "callback"
    INBOUND = "inbound"


@dataclass(frozen=True, kw_only=True)
class CallAttempt:
    """One attempt. ``ended_at`` is set exactly in the terminal states; the rank never falls.

    ``provider_sid`` is written once. ``provider_result`` is the carrier's word for how it ended (``completed``,
    ``busy``, ``no-answer``, ``failed``, ``canceled``), ``sip_code`` the far network's; ``duration_seconds`` is what the
    carrier counted from the answer; ``worker`` names the voice worker whose slot it holds, ``slot_epoch`` that worker's
    life and ``worker_url`` where its media socket is reached. ``talk_until`` is the last moment at which an answer may
    still be talked to; ``variant`` is the lead's in the campaign's experiment. ``time_limit`` is when the carrier cuts
    the call, which its reservation pays for; without one, its campaign's. ``looks`` counts how often the reconciler
    said when it looks next: a question of an older count is a double.
    """

    id: AttemptId
    seller_id: SellerId
    campaign_id: CampaignId
    lead_id: LeadId
    attempt_no: int
    phone: str
    caller_id: str
    direction: Direction = Direction.OUTBOUND
    purpose: Purpose = Purpose.FIRST
    variant: str | None = None
    state: AttemptState = AttemptState.PLANNED
    planned_at: datetime
    dial_deadline: datetime
    time_limit: timedelta | None = None
    dial_started_at: datetime | None = None
    provider_sid: str | None = None
    worker: str | None = None
    slot_epoch: str | None = None
    worker_url: str | None = None
    talk_until: datetime | None = None
    answered_at: datetime | None = None
    streamed_at: datetime | None = None
    ended_at: datetime | None = None
    answered_by: str | None = None
    provider_result: str | None = None
    sip_code: int | None = None
    duration_seconds: int | None = None
    end_reason: str | None = None
    recoveries: int = 0
    looks: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more can happen to it."""
        return self.state in TERMINAL

    @property
    def may_have_talked(self) -> bool:
        """Whether somebody may have been talked to, of which a report tells; the carrier's word of it may be lost."""
        return self.streamed_at is not None or (self.answered_at is not None and self.end_reason not in TURNED_AWAY)

    @property
    def has_rung(self) -> bool:
        """Whether the phone rang, or may have."""
        return self.dial_started_at is not None and (self.state not in NEVER_RANG or self.provider_sid is not None)
