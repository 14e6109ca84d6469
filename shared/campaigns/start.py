"""Make a campaign ready, and let it ring."""

from collections.abc import Collection
from datetime import datetime

from shared.campaigns.campaign import Campaign, CampaignState, NotReady
from shared.campaigns.lifecycle import Readiness, paused, scheduled, started
from shared.campaigns.opening import RENDER, is_rendered, opening_text
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
    if _has_opening(campaign, campaigns):
        campaigns.save(campaign)
        return False
    seller = campaigns.seller(campaign.seller_id)
    order = {"campaign_id": campaign.id, "voice": campaign.voice, "text": opening_text(seller)}
    campaigns.save(campaign, NewMessage(topic=RENDER, body=order))
    return True


def schedule_campaign(campaign_id: CampaignId, *, campaigns: CampaignRepository) -> Campaign | None:
    """Have a campaign start by itself once its opening is rendered, and have that done.

    ``None`` when there is nothing to wait for: the opening is there, or the campaign runs or is over.

    Raises:
        NotFound: There is no such campaign.
    """
    campaign = campaigns.get(campaign_id)
    if campaign.state in (CampaignState.RUNNING, CampaignState.COMPLETED) or _has_opening(campaign, campaigns):
        return None
    waiting = scheduled(campaign)
    prepare_campaign(waiting, campaigns=campaigns)
    return waiting


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
        Conflict: Someone moved it meanwhile.
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
    campaigns.save(running, NewMessage(topic="dispatch", body={"campaign_id": campaign_id}), was=campaign.state)
    return running


def start_if_scheduled(
    campaign_id: CampaignId,
    *,
    campaigns: CampaignRepository,
    costs: CostRepository,
    prices: PriceTable,
    scripts: Collection[str],
    now: datetime,
) -> str | None:
    """Let a campaign run that waits to start; what it lacks, if it still waits.

    One whose opening cannot be rendered would wait for ever: it is paused, and says why.

    Raises:
        NotFound: There is no such campaign.
        Conflict: Someone moved it meanwhile.
    """
    campaign = campaigns.get(campaign_id)
    if campaign.state is not CampaignState.SCHEDULED:
        return None
    try:
        start_campaign(campaign_id, campaigns=campaigns, costs=costs, prices=prices, scripts=scripts, now=now)
    except NotReady as lacking:
        failure = None if _has_opening(campaign, campaigns) else campaigns.render_failure(campaign_id)
        if failure is None:
            return str(lacking)
        because = f"the opening could not be rendered: {failure}"
        campaigns.save(paused(campaign, because), was=campaign.state)
        return because
    return None


def pause_campaign(campaign_id: CampaignId, because: str, *, campaigns: CampaignRepository) -> Campaign:
    """Ring nobody new until the campaign is started again; calls under way are not cut.

    Raises:
        NotFound: There is no such campaign.
        WrongState: It is neither running nor about to.
    """
    campaign = paused(campaigns.get(campaign_id), because)
    campaigns.save(campaign)
    return campaign


def _has_opening(campaign: Campaign, campaigns: CampaignRepository) -> bool:
    return is_rendered(campaign, campaigns.opening(campaign.id), campaigns.seller(campaign.seller_id))


def _budget(costs: CostRepository, budget_id: BudgetId) -> Budget | None:
    try:
        return costs.budget(budget_id)
    except NotFound:
        return None
