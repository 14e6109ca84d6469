"""Make a campaign ready, and let it ring."""

from collections.abc import Collection
from datetime import datetime

from shared.campaigns.campaign import Campaign
from shared.campaigns.lifecycle import Readiness, paused, started
from shared.campaigns.opening import is_rendered, opening_text
from shared.campaigns.ports import CampaignRepository
from shared.costs import Budget
from shared.costs.ports import CostRepository
from shared.costs.price_table import PriceTable
from shared.costs.pricing import worst_case
from shared.kernel.errors import NotFound
from shared.kernel.ids import BudgetId, CampaignId
from shared.kernel.outbox import NewMessage


def prepare_campaign(campaign: Campaign, *, campaigns: CampaignRepository) -> bool:
    """Keep a campaign and have its opening rendered, unless it is there; whether it has to be. Safe to repeat."""
    seller = campaigns.seller(campaign.seller_id)
    if is_rendered(campaign, campaigns.opening(campaign.id), seller):
        campaigns.save(campaign)
        return False
    order = {"campaign_id": campaign.id, "voice": campaign.voice, "text": opening_text(seller)}
    campaigns.save(campaign, NewMessage(topic="render", body=order))
    return True


def start_campaign(
    campaign_id: CampaignId,
    *,
    campaigns: CampaignRepository,
    costs: CostRepository,
    prices: PriceTable,
    scripts: Collection[str],
    now: datetime,
) -> Campaign:
    """Let the campaign run, and its first leads be dispatched at once. ``scripts`` are the names of those we have.

    Raises:
        NotFound: There is no such campaign.
        NotReady: It lacks something without which it may not ring anybody.
        WrongState: It is over.
    """
    campaign = campaigns.get(campaign_id)
    readiness = Readiness(
        seller=campaigns.seller(campaign.seller_id),
        opening=campaigns.opening(campaign_id),
        budget=_budget(costs, campaign.budget_id),
        call_reserve=worst_case(campaign.time_limit, prices, on=now.date()),
        scripts=scripts,
    )
    running = started(campaign, readiness)
    campaigns.save(running, NewMessage(topic="dispatch", body={"campaign_id": campaign_id}))
    return running


def pause_campaign(campaign_id: CampaignId, because: str, *, campaigns: CampaignRepository) -> Campaign:
    """Ring nobody new until the campaign is started again; calls under way are not cut.

    Raises:
        NotFound: There is no such campaign.
        WrongState: It is not running.
    """
    campaign = paused(campaigns.get(campaign_id), because)
    campaigns.save(campaign)
    return campaign


def _budget(costs: CostRepository, budget_id: BudgetId) -> Budget | None:
    try:
        return costs.budget(budget_id)
    except NotFound:
        return None
