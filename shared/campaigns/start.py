"""Make a campaign ready, and let it ring."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.campaigns.campaign import Campaign, CampaignState, NotReady, PauseReason
from shared.campaigns.lifecycle import paused, scheduled, started
from shared.campaigns.opening import RENDER, opening_text, unrendered
from shared.campaigns.own_number import OwnNumberRepository
from shared.campaigns.ports import CampaignRepository
from shared.campaigns.prompts import prompt_orders
from shared.campaigns.readiness import Readiness
from shared.campaigns.script_ref import Scripts
from shared.campaigns.time_limit import SHORTEST_CALL, shortest_of
from shared.costs import Budget
from shared.costs.levels import Levels
from shared.costs.ports import CostRepository
from shared.costs.price_table import PriceTable
from shared.costs.pricing import worst_case
from shared.kernel.errors import NotFound
from shared.kernel.ids import CampaignId
from shared.kernel.outbox import NewMessage
from shared.leads.registry import RegistryRepository


@dataclass(frozen=True, kw_only=True)
class Starting:
    """Everything that is asked before a campaign rings. ``scripts`` tells which there are."""

    campaigns: CampaignRepository
    costs: CostRepository
    own_numbers: OwnNumberRepository
    registries: RegistryRepository
    prices: PriceTable
    scripts: Scripts
    levels: Levels = field(default_factory=Levels)
    shortest_call: timedelta = SHORTEST_CALL

    def readiness(self, campaign: Campaign, *, now: datetime) -> Readiness:
        """What is there for the campaign.

        Raises:
            NotFound: There is no such seller.
        """
        return Readiness(
            seller=self.campaigns.seller(campaign.seller_id),
            openings=self.campaigns.openings(campaign.id),
            budgets=self._budgets(campaign, now),
            call_reserve=worst_case(shortest_of(campaign, self.shortest_call), self.prices, on=now.date()),
            scripts=self.scripts.usable(campaign.seller_id),
            numbers=self.own_numbers.of_seller(campaign.seller_id),
            registries=self.registries.copies(),
            levels=self.levels,
        )

    def _budgets(self, campaign: Campaign, now: datetime) -> Sequence[Budget]:
        try:
            return self.costs.budgets_for(campaign, now)
        except NotFound:
            return ()


def prepare_campaign(campaign: Campaign, *, campaigns: CampaignRepository, was: Campaign | None = None) -> bool:
    """Keep a campaign and have its openings rendered, unless they are there; whether they have to be. Safe to repeat.

    What else it has to say is rendered after them; nobody waits for that.

    Raises:
        Conflict: It moved since it was read as ``was``.
    """
    seller = campaigns.seller(campaign.seller_id)
    voices = voices_missing(campaign, campaigns)
    text = opening_text(seller, recorded=campaign.plan.recorded)
    orders = [
        NewMessage(topic=RENDER, body={"campaign_id": campaign.id, "voice": voice, "text": text}) for voice in voices
    ]
    prompts = prompt_orders(campaign, seller) if voices else ()
    campaigns.save(campaign, *orders, *prompts, was=was)
    return bool(voices)


def schedule_campaign(campaign_id: CampaignId, *, campaigns: CampaignRepository, now: datetime) -> Campaign | None:
    """Have a campaign start by itself once its openings are rendered and its time has come, and have that done.

    ``None`` when there is nothing to wait for: it could ring now, or it runs or is over.

    Raises:
        NotFound: There is no such campaign.
        Conflict: Someone moved it meanwhile.
    """
    campaign = campaigns.get(campaign_id)
    if campaign.state in (CampaignState.RUNNING, CampaignState.COMPLETED):
        return None
    is_early = campaign.starts_at is not None and now < campaign.starts_at
    if not is_early and not voices_missing(campaign, campaigns):
        return None
    waiting = scheduled(campaign, now=now)
    prepare_campaign(waiting, campaigns=campaigns, was=campaign)
    return waiting


def start_campaign(campaign_id: CampaignId, *, starting: Starting, now: datetime) -> Campaign:
    """Let the campaign run, and its first leads be dispatched at once.

    Raises:
        NotFound: There is no such campaign.
        NotReady: It lacks something without which it may not ring anybody.
        WrongState: It is over.
        Conflict: Someone moved it meanwhile.
    """
    campaign = starting.campaigns.get(campaign_id)
    running = started(campaign, starting.readiness(campaign, now=now), now=now)
    ring = NewMessage(topic="dispatch", body={"campaign_id": campaign_id}, group=campaign.seller_id)
    starting.campaigns.save(running, ring, was=campaign)
    return running


def start_if_scheduled(campaign_id: CampaignId, *, starting: Starting, now: datetime) -> str | None:
    """Let a campaign run that waits to start; what it lacks, if it still waits.

    One whose opening cannot be rendered would wait for ever: it is paused, and says why.

    Raises:
        NotFound: There is no such campaign.
        Conflict: Someone moved it meanwhile.
    """
    campaign = starting.campaigns.get(campaign_id)
    if campaign.state is not CampaignState.SCHEDULED:
        return None
    try:
        start_campaign(campaign_id, starting=starting, now=now)
    except NotReady as lacking:
        has_opening = not voices_missing(campaign, starting.campaigns)
        failure = None if has_opening else starting.campaigns.render_failure(campaign_id)
        if failure is None:
            return str(lacking)
        because = f"the opening could not be rendered: {failure}"
        starting.campaigns.save(paused(campaign, because, reason=PauseReason.MANUAL, now=now), was=campaign)
        return because
    return None


def pause_campaign(
    campaign_id: CampaignId,
    because: str,
    *,
    reason: PauseReason = PauseReason.MANUAL,
    campaigns: CampaignRepository,
    now: datetime,
) -> Campaign:
    """Ring nobody new until the campaign goes on; calls under way are not cut.

    Raises:
        NotFound: There is no such campaign.
        WrongState: It is neither running nor about to.
        Conflict: Someone moved it meanwhile.
    """
    campaign = campaigns.get(campaign_id)
    halted = paused(campaign, because, reason=reason, now=now)
    campaigns.save(halted, was=campaign)
    return halted


def voices_missing(campaign: Campaign, campaigns: CampaignRepository) -> tuple[str, ...]:
    """The voices of the campaign in which its opening is not rendered."""
    return unrendered(campaign, campaigns.openings(campaign.id), campaigns.seller(campaign.seller_id))
