"""Plan attempts for the leads that are due.

Trigger: every minute for all campaigns that are under way; a message ``{"campaign_id"}`` for one of them, when it
starts, when its opening is rendered, when one of its calls has ended. Answer: the rounds' numbers, for the log.

A campaign that was told to start before its opening was rendered is ``scheduled``; it starts here, by the message
that follows the rendering, or by the next minute should that message be lost.
"""

from collections.abc import Sequence
from typing import Any

from functions.bootstrap import Services
from functions.entry import entry, logger
from shared.calls.dispatch import dispatch_campaign
from shared.campaigns import CampaignState, NotReady
from shared.campaigns.start import start_campaign
from shared.kernel.ids import AttemptId, CampaignId


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Run one round for each campaign concerned."""
    named = event.get("campaign_id")
    campaigns = [CampaignId(named)] if named else _under_way(services)
    rounds = []
    for campaign_id in campaigns:
        _start_if_scheduled(campaign_id, services)
        done = dispatch_campaign(
            campaign_id,
            sources=services.sources,
            now=services.clock.now(),
            new_attempt_id=lambda: AttemptId(services.new_id()),
        )
        rounds.append(done)
    return {
        "campaigns": len(rounds),
        "planned": sum(each.planned for each in rounds),
        "deferred": sum(each.deferred for each in rounds),
        "denied": sum(each.denied for each in rounds),
        "stopped_by": sorted({each.stopped_by for each in rounds if each.stopped_by}),
    }


def _under_way(services: Services) -> Sequence[CampaignId]:
    states = (CampaignState.RUNNING, CampaignState.SCHEDULED)
    return [campaign.id for state in states for campaign in services.campaigns.in_state(state)]


def _start_if_scheduled(campaign_id: CampaignId, services: Services) -> None:
    if services.campaigns.get(campaign_id).state is not CampaignState.SCHEDULED:
        return
    try:
        start_campaign(
            campaign_id,
            campaigns=services.campaigns,
            costs=services.costs,
            prices=services.prices,
            scripts=services.scripts,
            now=services.clock.now(),
        )
    except NotReady as lacking:
        logger.info("campaign not ready yet", extra={"campaign": campaign_id, "lacking": str(lacking)})


lambda_handler = entry(handle)
