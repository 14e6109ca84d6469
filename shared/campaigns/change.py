"""Change how a campaign rings, without losing what it has under way."""

from datetime import datetime

from shared.campaigns.campaign import Campaign, CampaignState
from shared.campaigns.lifecycle import WrongState
from shared.campaigns.number_pool import check_caller_id, register_caller_id
from shared.campaigns.own_number import OwnNumberRepository
from shared.campaigns.ports import CampaignRepository
from shared.campaigns.prompts import prompt_orders, prompt_texts
from shared.campaigns.start import prepare_campaign, voices_missing
from shared.kernel.errors import Malformed, Refused
from shared.kernel.outbox import NewMessage


class WouldSayNothing(Refused):
    """A running campaign would ring people with words that are not rendered yet."""

    def __init__(self, campaign: Campaign, voices: tuple[str, ...]) -> None:
        named = ", ".join(repr(voice) for voice in voices)
        super().__init__(f"campaign {campaign.id} runs, and has no opening in the voice {named}: pause it first")


def change_campaign(
    campaign: Campaign,
    changed: Campaign,
    *,
    campaigns: CampaignRepository,
    own_numbers: OwnNumberRepository,
    now: datetime,
) -> Campaign:
    """Keep ``changed`` over ``campaign``, have new words rendered, and let a running campaign ring by it at once.

    Leads keep their variants, their times and their promises; calls under way go on as they began.

    Raises:
        WrongState: It is over.
        Malformed: It would end before it starts.
        NotOurs: Its new caller id is not a number of the seller's.
        WouldSayNothing: It runs, and what it would say is not rendered.
        Conflict: Someone moved it meanwhile.
    """
    if campaign.state is CampaignState.COMPLETED:
        raise WrongState(campaign, "changed")
    if changed.starts_at and changed.ends_at and changed.ends_at <= changed.starts_at:
        raise Malformed(f"ends_at: {changed.ends_at.isoformat()} is not after the start")
    missing = voices_missing(changed, campaigns)
    if campaign.state is CampaignState.RUNNING and missing:
        raise WouldSayNothing(campaign, missing)
    check_caller_id(changed, own_numbers)
    prepare_campaign(changed, campaigns=campaigns, was=campaign)
    register_caller_id(changed, own_numbers, now=now)
    seller = campaigns.seller(campaign.seller_id)
    says_else = prompt_texts(seller, changed.plan) != prompt_texts(seller, campaign.plan)
    orders = prompt_orders(changed, seller) if says_else and not missing else ()
    rings = campaign.state is CampaignState.RUNNING
    ring = [NewMessage(topic="dispatch", body={"campaign_id": campaign.id}, group=campaign.seller_id)] if rings else []
    campaigns.tell(*orders, *ring)
    return changed
