"""How a campaign moves: draft → scheduled → running ⇄ paused → completed; every move notes when it was made."""

from dataclasses import replace
from datetime import datetime

from shared.campaigns.campaign import Campaign, CampaignState, NotReady, PauseReason
from shared.campaigns.readiness import Readiness
from shared.kernel.errors import Refused

BY_ITSELF = frozenset({PauseReason.BUDGET, PauseReason.WINDOW, PauseReason.CAPACITY, PauseReason.COMPLIANCE})
"""Pauses that end when their reason does; every other one is a person's to end."""


class WrongState(Refused):
    """The campaign cannot make this move from where it stands."""

    def __init__(self, campaign: Campaign, move: str) -> None:
        super().__init__(f"campaign {campaign.id} is {campaign.state.value} and cannot be {move}")


def scheduled(campaign: Campaign, *, now: datetime) -> Campaign:
    """The draft, or the campaign that was paused, to start as soon as it is ready and its time has come.

    Raises:
        WrongState: It runs, or is over.
    """
    if campaign.state not in (CampaignState.DRAFT, CampaignState.SCHEDULED, CampaignState.PAUSED):
        raise WrongState(campaign, "scheduled")
    return _moved(campaign, CampaignState.SCHEDULED, now)


def started(campaign: Campaign, readiness: Readiness, *, now: datetime) -> Campaign:
    """The campaign, running: from a draft, a schedule or a pause.

    Raises:
        NotReady: It lacks something; the message says all that it lacks.
        WrongState: It is over.
    """
    if campaign.state is CampaignState.RUNNING:
        return campaign
    if campaign.state is CampaignState.COMPLETED:
        raise WrongState(campaign, "started")
    missing = readiness.lacks(campaign, now=now)
    if missing:
        raise NotReady(f"campaign {campaign.id} cannot start: {'; '.join(missing)}")
    return _moved(campaign, CampaignState.RUNNING, now)


def paused(campaign: Campaign, because: str, *, reason: PauseReason = PauseReason.MANUAL, now: datetime) -> Campaign:
    """The campaign, ringing nobody new until it goes on; one that waits to start no longer does.

    Raises:
        WrongState: It is neither running nor about to.
    """
    if campaign.state not in (CampaignState.SCHEDULED, CampaignState.RUNNING, CampaignState.PAUSED):
        raise WrongState(campaign, "paused")
    return replace(_moved(campaign, CampaignState.PAUSED, now), paused_reason=reason, paused_because=because)


def completed(campaign: Campaign, *, now: datetime) -> Campaign:
    """The campaign, over for good.

    Raises:
        WrongState: It never ran.
    """
    if campaign.state in (CampaignState.DRAFT, CampaignState.SCHEDULED):
        raise WrongState(campaign, "completed")
    return _moved(campaign, CampaignState.COMPLETED, now)


def revived(campaign: Campaign, because: str, *, now: datetime) -> Campaign:
    """The campaign that was over, paused: somebody may be rung after all, and a person says whether.

    Raises:
        WrongState: It is not over.
    """
    if campaign.state is not CampaignState.COMPLETED:
        raise WrongState(campaign, "revived")
    back = _moved(campaign, CampaignState.PAUSED, now)
    return replace(back, paused_reason=PauseReason.MANUAL, paused_because=because)


def _moved(campaign: Campaign, state: CampaignState, now: datetime) -> Campaign:
    return replace(campaign, state=state, moved_at=now, paused_reason=None, paused_because=None)
