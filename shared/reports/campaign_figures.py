"""A campaign in figures that stay cheap for millions of leads: counted where they are kept, never loaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.calls import CallAttempt, Permission
from shared.kernel.ids import CampaignId
from shared.leads import Lead, LeadStatus

QUALIFIED = ("appointment_set", "qualified_hot", "qualified_nurture")
"""Dispositions of people whom an agent or the nurture should hear of."""


@dataclass(frozen=True, kw_only=True)
class LeadLook:
    """A lead with its latest call and the latest decision about ringing it; ``place`` is its own in the list."""

    place: int
    lead: Lead
    last: CallAttempt | None = None
    decision: Permission | None = None


@dataclass(frozen=True, kw_only=True)
class VariantFigures:
    """What one variant of an experiment came to; ``None`` is the campaign without a variant.

    ``dials`` are our calls that the carrier took, ``conversations`` those in which a person was heard; the rest counts
    conversations by how they ended.
    """

    variant: str | None
    leads: int
    dials: int = 0
    conversations: int = 0
    qualified: int = 0
    appointments: int = 0
    opt_outs: int = 0


@dataclass(frozen=True, kw_only=True)
class FirstCalls:
    """How soon people were rung who had just asked, while the campaign ran.

    ``allowed`` are those of ``arrived`` whom the rules let be rung at once and whose time is up; ``in_time`` of these
    were rung within ``within``. The percentiles are of all who were rung, in seconds, ``None`` when nobody was.
    """

    within: timedelta
    arrived: int = 0
    allowed: int = 0
    in_time: int = 0
    p50_seconds: float | None = None
    p95_seconds: float | None = None

    @property
    def share(self) -> float | None:
        """The share that was rung in time; ``None`` when there was nobody to ring."""
        return self.in_time / self.allowed if self.allowed else None


@dataclass(frozen=True, kw_only=True)
class Promises:
    """Call-backs that were promised: those to come, and the overdue ones among them; and those that were rung."""

    waiting: int = 0
    overdue: int = 0
    rung: int = 0


class CampaignBoard(Protocol):
    """Where a campaign's figures are read."""

    def leads_by_status(self, campaign_id: CampaignId) -> Mapping[str, int]:
        """How many leads stand where."""
        ...

    def leads(
        self, campaign_id: CampaignId, *, status: LeadStatus | None = None, after: int = 0, limit: int
    ) -> Sequence[LeadLook]:
        """Leads in the order they came, those after the place ``after``; of one status or of all."""
        ...

    def by_variant(self, campaign_id: CampaignId) -> Sequence[VariantFigures]:
        """What each variant came to, by name."""
        ...

    def first_calls(self, campaign_id: CampaignId, *, within: timedelta, since: datetime, now: datetime) -> FirstCalls:
        """How soon those were rung who arrived since then, having just asked, while the campaign ran.

        Of very many the latest 5,000 tell.
        """
        ...

    def promises(self, campaign_id: CampaignId, now: datetime) -> Promises:
        """How the promised call-backs stand."""
        ...
