"""A campaign: which leads to ring, with which script, when, how often and for how much."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from shared.campaigns.cadence import Cadence
from shared.kernel.errors import Refused
from shared.kernel.ids import BudgetId, CampaignId, SellerId


class CampaignState(StrEnum):
    """draft → scheduled → running ⇄ paused → completed."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"


class NotReady(Refused):
    """The campaign lacks something without which it may not start."""


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
    derived from it by the price table. ``caller_id`` is E.164.
    """

    id: CampaignId
    seller_id: SellerId
    name: str
    script: str
    voice: str
    caller_id: str
    budget_id: BudgetId
    state: CampaignState = CampaignState.DRAFT
    paused_because: str | None = None
    max_concurrency: int = 5
    ring_timeout: timedelta = timedelta(seconds=25)
    time_limit: timedelta = timedelta(minutes=5)
    cadence: Cadence = field(default_factory=Cadence)
    created_at: datetime
