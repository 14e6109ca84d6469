"""How a campaign moves: draft → scheduled → running ⇄ paused → completed; what cannot start is paused, with why."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from shared.campaigns.campaign import Campaign, CampaignState, NotReady, Opening, Seller
from shared.campaigns.opening import is_rendered
from shared.costs import Budget
from shared.kernel.errors import Malformed, Refused
from shared.kernel.money import Money
from shared.kernel.phone import normalise


class WrongState(Refused):
    """The campaign cannot make this move from where it stands."""

    def __init__(self, campaign: Campaign, move: str) -> None:
        super().__init__(f"campaign {campaign.id} is {campaign.state.value} and cannot be {move}")


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """What a campaign needs to ring anybody. ``call_reserve`` is what one call may cost at most."""

    seller: Seller
    opening: Opening | None
    budget: Budget | None
    call_reserve: Money
    scripts: Collection[str]

    def lacks(self, campaign: Campaign) -> tuple[str, ...]:
        """What is missing, each in plain words; nothing when the campaign may run."""
        missing = []
        if campaign.script not in self.scripts:
            missing.append(f"there is no script {campaign.script!r} (there are: {', '.join(sorted(self.scripts))})")
        if not is_rendered(campaign, self.opening, self.seller):
            missing.append(f"the opening is not rendered in the voice {campaign.voice!r} with its present words")
        if not _is_number(campaign.caller_id):
            missing.append(f"the caller id {campaign.caller_id!r} is not a telephone number")
        if self.budget is None:
            missing.append("there is no budget")
        elif self.budget.headroom < self.call_reserve:
            missing.append(f"the budget has {self.budget.headroom} left, one call may cost {self.call_reserve}")
        return tuple(missing)


def scheduled(campaign: Campaign) -> Campaign:
    """The draft, or the campaign that was paused, to start as soon as it is ready.

    Raises:
        WrongState: It runs, or is over.
    """
    if campaign.state not in (CampaignState.DRAFT, CampaignState.SCHEDULED, CampaignState.PAUSED):
        raise WrongState(campaign, "scheduled")
    return replace(campaign, state=CampaignState.SCHEDULED, paused_because=None)


def started(campaign: Campaign, readiness: Readiness) -> Campaign:
    """The campaign, running: from a draft, a schedule or a pause.

    Raises:
        NotReady: It lacks something; the message says all that it lacks.
        WrongState: It is over.
    """
    if campaign.state is CampaignState.RUNNING:
        return campaign
    if campaign.state is CampaignState.COMPLETED:
        raise WrongState(campaign, "started")
    missing = readiness.lacks(campaign)
    if missing:
        raise NotReady(f"campaign {campaign.id} cannot start: {'; '.join(missing)}")
    return replace(campaign, state=CampaignState.RUNNING, paused_because=None)


def paused(campaign: Campaign, because: str) -> Campaign:
    """The campaign, ringing nobody new until it is started again; one that waits to start no longer does.

    Raises:
        WrongState: It is neither running nor about to.
    """
    if campaign.state not in (CampaignState.SCHEDULED, CampaignState.RUNNING, CampaignState.PAUSED):
        raise WrongState(campaign, "paused")
    return replace(campaign, state=CampaignState.PAUSED, paused_because=because)


def completed(campaign: Campaign) -> Campaign:
    """The campaign, over for good.

    Raises:
        WrongState: It never ran.
    """
    if campaign.state in (CampaignState.DRAFT, CampaignState.SCHEDULED):
        raise WrongState(campaign, "completed")
    return replace(campaign, state=CampaignState.COMPLETED, paused_because=None)


def _is_number(text: str) -> bool:
    try:
        normalise(text)
    except Malformed:
        return False
    return True
