"""Plan attempts for the leads that are due.

Trigger: a message ``{"campaign_id"}``, when the campaign starts, when its opening is rendered, when one of its calls
has ended, and every minute while it is under way: the schedule writes one for each, so that none waits for the others.
Answer: the round's numbers, for the log.

A campaign that was told to start before its opening was rendered is ``scheduled``; it starts here, by the message
that follows the rendering, or by the next minute should that message be lost. When the opening cannot be rendered,
the campaign is paused and says why.
"""

from typing import Any

from functions.bootstrap import Services
from functions.entry import entry, logger
from shared.calls.dispatch import DispatchRound, dispatch_campaign
from shared.calls.pace import AT_ONCE
from shared.campaigns import CampaignState
from shared.campaigns.start import start_if_scheduled
from shared.kernel.ids import AttemptId, CampaignId
from shared.kernel.outbox import NewMessage
from shared.metrics import Metric, count

TOPIC = "dispatch"


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Run one campaign's round, or have one run for each that is under way."""
    named = event.get("campaign_id")
    if named is None:
        return {"asked": _ask_for_rounds(services)}
    done = _round(CampaignId(named), services)
    results = {"planned": done.planned, "deferred": done.deferred, "denied": done.denied, "unclear": done.unclear}
    for result, number in results.items():
        count(Metric.ATTEMPTS, number, result=result)
    return {**results, "stopped_by": done.stopped_by}


def _ask_for_rounds(services: Services) -> int:
    """Write a message for every campaign that is under way; how many there are."""
    states = (CampaignState.RUNNING, CampaignState.SCHEDULED)
    campaigns = [campaign for state in states for campaign in services.campaigns.in_state(state)]
    services.campaigns.tell(
        *(NewMessage(topic=TOPIC, body={"campaign_id": each.id}, group=each.seller_id) for each in campaigns)
    )
    return len(campaigns)


def _round(campaign_id: CampaignId, services: Services) -> DispatchRound:
    now = services.clock.now()
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


lambda_handler = entry(handle)
