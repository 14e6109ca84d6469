"""Due leads, taken by one round of dispatch at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.kernel.errors import Refused
from shared.kernel.ids import CampaignId
from shared.leads import Lead


class CampaignFull(Refused):
    """The campaign rings as many phones as it may, at once or in one minute."""


class LeadClaims(Protocol):
    """How rounds of dispatch share the leads of a campaign."""

    def take_due(self, campaign_id: CampaignId, now: datetime, *, limit: int, until: datetime) -> Sequence[Lead]:
        """Ready leads that are due, kept from other rounds until ``until``: two rounds never get the same one.

        Promised call-backs come first, then the highest priority, then the longest waiting. The leads are told as
        they were before.
        """
        ...

    def give_back(self, leads: Sequence[Lead], *, until: datetime) -> None:
        """Let other rounds have leads that were taken ``until`` then and wait as they did."""
        ...

    def is_worked_off(self, campaign_id: CampaignId) -> bool:
        """Whether the campaign has leads, none of which waits for a call or is in one."""
        ...

    def dialled_since(self, campaign_id: CampaignId, since: datetime) -> int:
        """How many phones the campaign rang since then, with those that it is about to ring."""
        ...
