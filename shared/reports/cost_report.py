"""What calls cost by what they achieved: per dial, connected call, conversation, qualified lead and appointment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from shared.calls import Direction
from shared.costs import Component
from shared.kernel.ids import CampaignId, SellerId
from shared.kernel.money import ZERO, Money
from shared.outcomes import Disposition
from shared.reports.campaign_report import share

QUALIFIED = frozenset({Disposition.APPOINTMENT_SET, Disposition.QUALIFIED_HOT, Disposition.QUALIFIED_NURTURE})
OWN_VOICES = frozenset({"espeak", "piper", "kokoro"})
"""Speech that the node makes itself; any other vendor's is premium."""


class By(StrEnum):
    """What the costs are laid out by.

    ``HOUR`` is the hour of the day on the called person's clock when the attempt was planned (UTC where their zone is
    unknown); ``TIER`` is the voice that was heard: ``local``, ``premium`` for a part of the call,
    ``premium_whole_call``, or ``none``; ``VARIANT`` is the campaign and its variant.
    """

    ALL = "all"
    CAMPAIGN = "campaign"
    VARIANT = "variant"
    HOUR = "hour"
    TIER = "tier"
    DAY = "day"


@dataclass(frozen=True, kw_only=True)
class CostQuery:
    """Which attempts: planned from ``since`` on and before ``until``, of one seller or campaign where it is given."""

    since: datetime
    until: datetime
    by: By = By.ALL
    campaign_id: CampaignId | None = None
    seller_id: SellerId | None = None
    direction: Direction = Direction.OUTBOUND


@dataclass(frozen=True, kw_only=True)
class CostRow:
    """The costs and results of some attempts. ``label`` is what people call the ``key``.

    ``dials`` are attempts that the carrier took, ``connected`` those that a person answered, each of which is a
    conversation; ``qualified`` counts leads, ``appointments`` those that stand. ``connected_cost`` is the own cost of
    the connected ones.
    """

    key: str
    label: str
    attempts: int
    dials: int
    connected: int
    qualified: int
    appointments: int
    call_seconds: int
    cost: Money
    connected_cost: Money = ZERO

    @property
    def per_dial(self) -> Money | None:
        """All costs over the dials."""
        return _per(self.cost, self.dials)

    @property
    def per_connected_call(self) -> Money | None:
        """The mean own cost of a connected call; failed attempts are not in it."""
        return _per(self.connected_cost, self.connected)

    @property
    def per_conversation(self) -> Money | None:
        """All costs, those of failed attempts too, over the conversations."""
        return _per(self.cost, self.connected)

    @property
    def per_qualified_lead(self) -> Money | None:
        """All costs over the qualified leads."""
        return _per(self.cost, self.qualified)

    @property
    def per_appointment(self) -> Money | None:
        """All costs over the appointments."""
        return _per(self.cost, self.appointments)


class CostReports(Protocol):
    """Where costs are added up."""

    def rows(self, query: CostQuery) -> Sequence[CostRow]:
        """One row for each value of what the query is laid out by, by key; none without attempts."""
        ...

    def by_component(self, query: CostQuery) -> Mapping[Component, Money]:
        """What each kind of thing cost, dearest first."""
        ...


def _per(total: Money, count: int) -> Money | None:
    each = share(total, count)
    return None if each is None else Money(each)
