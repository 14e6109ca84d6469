"""Sellers, campaigns and openings in memory."""

from collections.abc import Sequence

from shared.adapters.memory.store import MemoryStore
from shared.campaigns import Campaign, CampaignState, Opening, Seller
from shared.campaigns.opening import RENDER
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import CampaignId, SellerId
from shared.kernel.outbox import NewMessage


class MemoryCampaignRepository:
    """``CampaignRepository`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def add_seller(self, seller: Seller) -> None:
        self._store.sellers[seller.id] = seller

    def seller(self, seller_id: SellerId) -> Seller:
        try:
            return self._store.sellers[seller_id]
        except KeyError:
            raise NotFound(f"no seller {seller_id}") from None

    def sellers(self) -> Sequence[Seller]:
        with self._store.lock:
            sellers = list(self._store.sellers.values())
        return sorted(sellers, key=lambda seller: (seller.registered_name, seller.id))

    def get(self, campaign_id: CampaignId) -> Campaign:
        try:
            return self._store.campaigns[campaign_id]
        except KeyError:
            raise NotFound(f"no campaign {campaign_id}") from None

    def save(self, campaign: Campaign, *messages: NewMessage, was: CampaignState | None = None) -> None:
        with self._store.lock:
            if was is not None and self.get(campaign.id).state is not was:
                raise Conflict(f"campaign {campaign.id} is no longer {was.value}")
            self._store.campaigns[campaign.id] = campaign
            self._store.put_messages(*messages)

    def all(self) -> Sequence[Campaign]:
        with self._store.lock:
            campaigns = list(self._store.campaigns.values())
        return sorted(campaigns, key=lambda campaign: (campaign.created_at, campaign.id), reverse=True)

    def in_state(self, state: CampaignState) -> Sequence[Campaign]:
        return [campaign for campaign in self.all() if campaign.state is state]

    def opening(self, campaign_id: CampaignId) -> Opening | None:
        return self._store.openings.get(campaign_id)

    def render_failure(self, campaign_id: CampaignId) -> str | None:
        with self._store.lock:
            orders = [
                each
                for each in self._store.messages
                if each.message.topic == RENDER and each.message.body.get("campaign_id") == campaign_id
            ]
        if any(each.dead_at is None for each in orders):
            return None
        dead = sorted((each.dead_at, each.error) for each in orders if each.dead_at is not None)
        return (dead[-1][1] or "unknown") if dead else None

    def save_opening(self, opening: Opening) -> None:
        self._store.openings[opening.campaign_id] = opening
