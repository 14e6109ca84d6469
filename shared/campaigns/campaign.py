"""A campaign: which leads to ring, with which script, when, how often and for how much."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from shared.campaigns.cadence import Cadence
from shared.campaigns.calling_plan import CallingPlan
from shared.kernel.errors import Refused
from shared.kernel.ids import BudgetId, CampaignId, SellerId


class CampaignState(StrEnum):
    """draft → scheduled → running ⇄ paused → completed."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"


STANDING = ("state", "moved_at", "paused_reason", "paused_because")
"""The fields of a campaign that say where it stands; every move changes one of them at least."""


class PauseReason(StrEnum):
    """Why a campaign pauses. What a person or the breaker stopped only a person starts again."""

    MANUAL = "manual"
    BREAKER = "breaker"
    BUDGET = "budget"
    WINDOW = "window"
    CAPACITY = "capacity"
    COMPLIANCE = "compliance"


class NotReady(Refused):
    """The campaign lacks something without which it may not start."""


@dataclass(frozen=True, kw_only=True)
class CampaignMove:
    """That a campaign came to stand elsewhere, when and why."""

    at: datetime
    state: CampaignState
    reason: PauseReason | None = None
    because: str | None = None


@dataclass(frozen=True, kw_only=True)
class Seller:
    """A registered business that calls are made for; ``registered_name`` is said in every opening."""

    id: SellerId
    registered_name: str
    callback_number: str


@dataclass(frozen=True, kw_only=True)
class Opening:
    """The pre-rendered first words of every call: mu-law, 8,000 Hz, mono."""

    campaign_id: CampaignId
    voice: str
    text: str
    audio: bytes
    rendered_at: datetime

    @property
    def duration(self) -> timedelta:
        """How long it takes to play."""
        return timedelta(seconds=len(self.audio) / 8000)


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """One list of leads and how to ring them.

    ``ring_timeout`` is how long a phone rings, ``time_limit`` the longest a call may last; ``call_reserve`` is
    derived from it by the price table. ``caller_id`` is E.164. It rings from ``starts_at`` until ``ends_at``, where
    they are set; among campaigns that ring, the one with the higher ``priority`` is served first. ``paused_because``
    tells a person what ``paused_reason`` tells a program. ``moved_at`` is when it last changed its state.
    """

    id: CampaignId
    seller_id: SellerId
    name: str
    script: str
    voice: str
    caller_id: str
    budget_id: BudgetId
    state: CampaignState = CampaignState.DRAFT
    paused_reason: PauseReason | None = None
    paused_because: str | None = None
    moved_at: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    priority: int = 0
    max_concurrency: int = 5
    ring_timeout: timedelta = timedelta(seconds=25)
    time_limit: timedelta = timedelta(minutes=5)
    cadence: Cadence = field(default_factory=Cadence)
    plan: CallingPlan = field(default_factory=CallingPlan)
    created_at: datetime

    @property
    def standing(self) -> str:
        """Where it stands, in words."""
        return f"{self.state.value} ({self.paused_because})" if self.paused_because else self.state.value

    def is_open(self, now: datetime) -> bool:
        """Whether ``now`` lies between its start and its end."""
        has_begun = self.starts_at is None or self.starts_at <= now
        return has_begun and (self.ends_at is None or now < self.ends_at)
