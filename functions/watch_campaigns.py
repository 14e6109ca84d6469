"""Pause campaigns that go wrong, let those go on whose reason to pause is over, and rest numbers that are turned away.

Trigger: every minute. Answer: what was moved, for the log.
"""

from typing import Any

from functions.entry import entry
from functions.log import logger
from functions.services import Services
from shared.campaigns import Campaign, CampaignState
from shared.campaigns.number_pool import check_health
from shared.campaigns.watch import watch_campaign
from shared.kernel.errors import Conflict, Malformed, NotFound, Refused


def handle(_event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Look at every number, then at every campaign that rings or rests."""
    now = services.clock.now()
    numbers = services.own_numbers
    resting = [number for each in numbers.all() if (number := check_health(each, numbers, now=now))]
    for number in resting:
        logger.warning("number rests", extra={"seller": number.seller_id, "because": number.cooled_because})
    states = (CampaignState.RUNNING, CampaignState.PAUSED)
    campaigns = [campaign for state in states for campaign in services.campaigns.in_state(state)]
    moved = [one for campaign in campaigns if (one := _watch(campaign, services))]
    return {"resting": len(resting), "campaigns": len(campaigns), "moved": {one.id: one.state.value for one in moved}}


def _watch(campaign: Campaign, services: Services) -> Campaign | None:
    """What is wrong with one campaign holds up no other."""
    try:
        campaign = services.campaigns.get(campaign.id)  # the walk may take long: it may stand elsewhere by now
        moved = watch_campaign(campaign, watching=services.watching, now=services.clock.now())
    except (Refused, NotFound, Conflict, Malformed) as error:
        logger.error("campaign not watched", extra={"campaign": campaign.id, "kind": type(error).__name__})
        return None
    if moved is not None:
        extra = {"campaign": moved.id, "state": moved.state.value, "reason": moved.paused_reason}
        logger.warning("campaign moved", extra=extra | {"because": moved.paused_because})
    return moved


lambda_handler = entry(handle)
