"""Where campaigns are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.campaigns.breaker import CallCounts
from shared.campaigns.campaign import Campaign, CampaignMove, CampaignState, Opening, Seller
from shared.kernel.ids import CampaignId, SellerId
from shared.kernel.outbox import NewMessage


class CampaignRepository(Protocol):
    """Where sellers, campaigns and their openings are kept."""

    def add_seller(self, seller: Seller) -> None:
        """Keep a new seller, or its changed name."""
        ...

    def seller(self, seller_id: SellerId) -> Seller:
        """The seller.

        Raises:
            NotFound: There is no such seller.
        """
        ...

    def sellers(self) -> Sequence[Seller]:
        """Every seller, by name."""
        ...

    def get(self, campaign_id: CampaignId) -> Campaign:
        """The campaign.

        Raises:
            NotFound: There is no such campaign.
        """
        ...

    def save(self, campaign: Campaign, *messages: NewMessage, was: Campaign | None = None) -> None:
        """Keep a campaign and the messages that follow from the change, all in one transaction.

        With ``was``, the campaign as it was read, only what differs from it is written, and only if it still stands
        where it stood, for the same reason: a pause is never undone, nor a change lost, by who read before it.

        Raises:
            Conflict: It moved meanwhile.
        """
        ...

    def complete(self, campaign: Campaign, *, was: Campaign) -> bool:
        """Keep ``campaign``, completed, unless a lead of it waits for a call or is in one; whether it was kept.

        Leads that come at the same moment either come before, and it goes on, or are refused (``CampaignOver``).

        Raises:
            Conflict: It moved meanwhile.
        """
        ...

    def all(self) -> Sequence[Campaign]:
        """Every campaign, newest first."""
        ...

    def in_state(self, state: CampaignState) -> Sequence[Campaign]:
        """The campaigns in that state, the highest priority first, then the newest."""
        ...

    def inbound_reserve(self) -> int:
        """How many slots stay free for people who call us: as many as the running campaign that wants most of them."""
        ...

    def moves(self, campaign_id: CampaignId) -> Sequence[CampaignMove]:
        """Every move of the campaign and every new reason to pause it, oldest first; ``save`` notes them."""
        ...

    def tell(self, *messages: NewMessage) -> None:
        """Write messages that follow from no change of a campaign."""
        ...

    def openings(self, campaign_id: CampaignId) -> Sequence[Opening]:
        """The rendered openings, at most one for each voice, by voice."""
        ...

    def render_failure(self, campaign_id: CampaignId) -> str | None:
        """Why the last order to render its opening was laid aside, unless another one waits."""
        ...

    def save_opening(self, opening: Opening) -> None:
        """Keep a rendered opening, replacing an older one of the same voice."""
        ...


class CampaignCalls(Protocol):
    """What became of a campaign's calls, in numbers alone."""

    def counts(self, campaign_id: CampaignId, since: datetime) -> CallCounts:
        """What became of the calls of ours that were dialled since then and are over: of the latest 10,000 at most."""
        ...

    def live(self, campaign_id: CampaignId) -> int:
        """How many attempts are not over."""
        ...
