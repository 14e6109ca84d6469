"""Plan attempts for the leads that are due.

Trigger: every minute for all campaigns that are under way; a message ``{"campaign_id"}`` for one of them, when it
starts, when its opening is rendered, when one of its calls has ended. Answer: the rounds' numbers, for the log.

A campaign that was told to start before its opening was rendered is ``scheduled``; it starts here, by the message
that follows the rendering, or by the next minute should that message be lost. When the opening cannot be rendered,
the campaign is paused and says why.
"""

from collections.abc import Sequence
from typing import Any

from functions.bootstrap import Services
from functions.entry import entry, logger
from shared.calls.dispatch import DispatchRound, dispatch_campaign
from shared.calls.pace import AT_ONCE
from shared.campaigns import CampaignState
from shared.campaigns.start import start_if_scheduled
from shared.kernel.errors import Conflict, Malformed, NotFound, Refused
from shared.kernel.ids import AttemptId, CampaignId
from shared.metrics import Metric, count


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Run one round for each campaign concerned."""
    named = event.get("campaign_id")
    campaigns = [CampaignId(named)] if named else _under_way(services)
    rounds = [done for campaign_id in campaigns if (done := _round(campaign_id, services, is_alone=bool(named)))]
    results = {
        "planned": sum(each.planned for each in rounds),
        "deferred": sum(each.deferred for each in rounds),
        "denied": sum(each.denied for each in rounds),
        "unclear": sum(each.unclear for each in rounds),
    }
    for result, number in results.items():
        count(Metric.ATTEMPTS, number, result=result)
    return {
        "campaigns": len(rounds),
        **results,
        "stopped_by": sorted({each.stopped_by for each in rounds if each.stopped_by}),
    }


def _round(campaign_id: CampaignId, services: Services, *, is_alone: bool) -> DispatchRound | None:
    """One campaign's round. What is wrong with one campaign holds up no other; what is away is away for all.

    Raises:
        Unavailable: A source of facts is away.
        ReautoError: Anything else, when nobody else waits for this campaign.
    """
    now = services.clock.now()
    try:
        lacking = start_if_scheduled(campaign_id, starting=services.starting, now=now)
        if lacking:
            logger.info("campaign not started yet", extra={"campaign": campaign_id, "lacking": lacking})
        if services.breaker.blocked_for(services.account) > AT_ONCE:
            return DispatchRound(stopped_by="the carrier refuses our calls for now")
        return dispatch_campaign(
            campaign_id,
            sources=services.sources,
            now=now,
            new_attempt_id=lambda: AttemptId(services.new_id()),
            horizons=services.horizons,
        )
    except (Refused, NotFound, Conflict, Malformed) as error:
        if is_alone:
            raise
        logger.error("campaign not dispatched", extra={"campaign": campaign_id, "kind": type(error).__name__})
        return None


def _under_way(services: Services) -> Sequence[CampaignId]:
    states = (CampaignState.RUNNING, CampaignState.SCHEDULED)
    return [campaign.id for state in states for campaign in services.campaigns.in_state(state)]


lambda_handler = entry(handle)
