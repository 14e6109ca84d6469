"""Does a campaign still ring as it should? What is wrong pauses it; once that is well again, it goes on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.campaigns.breaker import CallCounts, tripped
from shared.campaigns.campaign import Campaign, CampaignState, PauseReason
from shared.campaigns.lifecycle import BY_ITSELF, completed, paused, started
from shared.campaigns.ports import CampaignCalls
from shared.campaigns.readiness import Readiness
from shared.campaigns.start import Starting
from shared.costs import Budget
from shared.kernel.money import ZERO
from shared.kernel.outbox import NewMessage


@dataclass(frozen=True, kw_only=True)
class Watching:
    """What the watch reads and writes."""

    starting: Starting
    calls: CampaignCalls


def watch_campaign(campaign: Campaign, *, watching: Watching, now: datetime) -> Campaign | None:
    """Pause, resume or complete the campaign; ``None`` when it stays as it is.

    A breaker's pause, like a person's, waits for a person; the other pauses end with their reasons. Nothing is lost by
    any of them: leads keep their times and promises, calls under way go on.

    Raises:
        NotFound: There is no such seller.
        Conflict: Someone moved it meanwhile.
    """
    moved = _moved(campaign, watching, now)
    if moved is None:
        return None
    if moved.state is CampaignState.RUNNING:
        messages = [NewMessage(topic="dispatch", body={"campaign_id": campaign.id}, group=campaign.seller_id)]
    elif moved.paused_reason is PauseReason.COMPLIANCE:
        messages = [NewMessage(topic="stop", body={"scope": "campaign", "target": campaign.id})]
    else:
        messages = []
    watching.starting.campaigns.save(moved, *messages, was=campaign)
    return moved


def _moved(campaign: Campaign, watching: Watching, now: datetime) -> Campaign | None:
    if campaign.state not in (CampaignState.RUNNING, CampaignState.PAUSED):
        return None
    has_ended = campaign.ends_at is not None and campaign.ends_at <= now
    if has_ended and campaign.paused_reason in BY_ITSELF and not watching.calls.live(campaign.id):
        return completed(campaign, now=now)
    readiness = watching.starting.readiness(campaign, now=now)
    if campaign.state is CampaignState.PAUSED:
        goes_on = campaign.paused_reason in BY_ITSELF and not readiness.lacks(campaign, now=now)
        return started(campaign, readiness, now=now) if goes_on else None
    broken = "; ".join(tripped(campaign.plan.breaker, calls_by_window(campaign, calls=watching.calls, now=now)))
    if broken:
        return paused(campaign, broken, reason=PauseReason.BREAKER, now=now)
    return _halted(campaign, readiness, now)


def _halted(campaign: Campaign, readiness: Readiness, now: datetime) -> Campaign | None:
    """The campaign paused for the first thing that it must not ring without, if there is one."""
    reasons = (
        (PauseReason.WINDOW, readiness.lacks_time(campaign, now=now)),
        (PauseReason.COMPLIANCE, readiness.lacks_registry(now=now)),
        (PauseReason.CAPACITY, readiness.lacks_number(campaign, now=now)),
        (PauseReason.BUDGET, readiness.lacks_call_limit(campaign)),
        (PauseReason.BUDGET, replace(readiness, budgets=_without_holds(readiness.budgets)).lacks_money()),
    )
    for reason, missing in reasons:
        for because in missing:
            return paused(campaign, because, reason=reason, now=now)
    return None


def _without_holds(budgets: Sequence[Budget]) -> Sequence[Budget]:
    """The budgets as they will be if every call under way costs nothing."""
    return [replace(budget, pending=ZERO) for budget in budgets]


def calls_by_window(campaign: Campaign, *, calls: CampaignCalls, now: datetime) -> dict[timedelta, CallCounts]:
    """What happened in each window of the breaker, since the campaign last went on at the most."""
    breaker, begun = campaign.plan.breaker, campaign.moved_at or campaign.created_at
    windows = {limit.window for limit in (breaker.failure, breaker.abandonment, breaker.complaint)}
    return {window: calls.counts(campaign.id, max(now - window, begun)) for window in windows}
