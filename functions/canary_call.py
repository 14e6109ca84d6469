"""Ring a test number of ours now and then, the whole road, and say when it did not arrive.

Trigger: every five minutes. Answer: how the last call went and whether the next was planned, for the log. The number
is the one lead of the campaign that ``CANARY_CAMPAIGN`` names; permission decides about it as about any other.
"""

from typing import Any

from functions.cloud import Canary, canary
from functions.entry import entry
from functions.log import logger
from shared.calls.canary import canary_planned, look_at_canary
from shared.kernel.errors import Malformed
from shared.kernel.outbox import NewMessage
from shared.metrics import Metric, count


def handle(_event: dict[str, Any], canary: Canary) -> dict[str, Any]:
    """Look at the last call, and plan the next when it is time."""
    if canary.campaign_id is None:
        return {"canary": "not configured"}
    services, now = canary.services, canary.services.clock.now()
    leads = services.leads.of_campaign(canary.campaign_id)
    if len(leads) != 1:
        raise Malformed(f"the campaign of the synthetic call has {len(leads)} leads; it takes one, the test number")
    [lead] = leads
    look = look_at_canary(lead, services.calls.of_lead(lead.id), now=now, every=canary.every)
    if look.failure:
        count(Metric.CANARY_FAILURES, reason=look.failure)
        logger.error("synthetic call did not arrive", extra={"lead": lead.id, "reason": look.failure})
    if look.is_due:
        services.leads.save(canary_planned(lead, now), was=lead)
        services.campaigns.tell(NewMessage(topic="dispatch", body={"campaign_id": canary.campaign_id}))
    return {"canary": look.failure or "well", "planned": look.is_due}


lambda_handler = entry(handle, wired=canary)
