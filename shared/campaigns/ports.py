"""Where campaigns are kept."""

from collections.abc import Sequence
from typing import Protocol

from shared.campaigns.campaign import Campaign, CampaignState, Opening, Seller
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

    def save(self, campaign: Campaign, *messages: NewMessage, was: CampaignState | None = None) -> None:
        """Keep a campaign and the messages that follow from the change, all in one transaction.

        With ``was`` only if it still stands there, so that a pause is never undone by who read before it.

        Raises:
            Conflict: It stands elsewhere than ``was`` by now.
        """
        ...

    def all(self) -> Sequence[Campaign]:
        """Every campaign, newest first."""
        ...

    def in_state(self, state: CampaignState) -> Sequence[Campaign]:
        """The campaigns in that state."""
        ...

    def opening(self, campaign_id: CampaignId) -> Opening | None:
        """The rendered opening, if there is one."""
        ...

    def render_failure(self, campaign_id: CampaignId) -> str | None:
        """Why the last order to render its opening was laid aside, unless another one waits."""
        ...

    def save_opening(self, opening: Opening) -> None:
        """Keep a rendered opening, replacing an older one."""
        ...
