"""Our own numbers: added, looked at, given up."""

from dataclasses import replace
from datetime import timedelta

from fastapi import APIRouter

from functions.api.access import Reach
from functions.api.campaign_answers import NumberShown
from functions.api.campaign_bodies import NumberBody
from functions.bootstrap import Services
from shared.campaigns import OwnNumber
from shared.campaigns.own_number import NotOurs
from shared.kernel.errors import NotFound, Refused
from shared.kernel.ids import CampaignId, SellerId
from shared.kernel.phone import normalise

router = APIRouter(prefix="/v1/numbers", tags=["numbers"])
LOOK_BACK = timedelta(hours=24)


@router.post("", status_code=201)
def add_number(body: NumberBody, services: Reach) -> NumberShown:
    """Add a number that we may show, or change one that we have; one that was given up is used again."""
    phone, now = normalise(body.phone), services.clock.now()
    seller = services.campaigns.seller(SellerId(body.seller_id))
    campaign_id = CampaignId(body.campaign_id) if body.campaign_id else None
    if campaign_id and services.campaigns.get(campaign_id).seller_id != seller.id:
        raise Refused(f"campaign {campaign_id} is of another seller")
    known = services.own_numbers.by_phone(phone)
    if known is not None and known.seller_id != seller.id:
        raise NotOurs(f"{phone} is a number of another seller")
    number = known or OwnNumber(phone=phone, seller_id=seller.id, added_at=now, warms_up=body.warms_up)
    kept = replace(
        number,
        campaign_id=campaign_id,
        authorisation=body.authorisation or number.authorisation,
        warms_up=body.warms_up,
        retired_at=None,
    )
    services.own_numbers.save(kept)
    return _shown(kept, services)


@router.get("")
def list_numbers(services: Reach, seller_id: SellerId | None = None) -> list[NumberShown]:
    """Every number, of one seller or of all, with what its last 24 hours were like."""
    numbers = services.own_numbers.of_seller(seller_id) if seller_id else services.own_numbers.all()
    return [_shown(number, services) for number in numbers]


@router.post("/{phone}/retire")
def retire(phone: str, services: Reach) -> NumberShown:
    """Give a number up: nobody is rung from it any more; whoever calls it is still answered."""
    number = services.own_numbers.by_phone(normalise(phone))
    if number is None:
        raise NotFound(f"{phone} is none of our numbers")
    retired = number.retired(services.clock.now())
    services.own_numbers.save(retired)
    return _shown(retired, services)


def _shown(number: OwnNumber, services: Services) -> NumberShown:
    now = services.clock.now()
    return NumberShown.of(number, services.own_numbers.stats(number.phone, now - LOOK_BACK), now=now)
