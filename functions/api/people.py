"""Sellers, and the agents who keep appointments for them."""

from fastapi import APIRouter

from functions.api.access import Reach
from functions.api.answers import AgentShown, Created, SellerShown
from functions.api.bodies import AgentBody, SellerBody
from shared.appointments import Agent, WorkingHours
from shared.campaigns import Seller
from shared.kernel.errors import Malformed
from shared.kernel.ids import AgentId, SellerId
from shared.kernel.phone import normalise
from shared.kernel.zones import zone

router = APIRouter(prefix="/v1", tags=["sellers"])


@router.post("/sellers", status_code=201)
def put_seller(body: SellerBody, services: Reach) -> Created:
    """Keep a seller."""
    seller = Seller(
        id=SellerId(body.id or services.new_id()),
        registered_name=body.registered_name,
        callback_number=normalise(body.callback_number),
    )
    services.campaigns.add_seller(seller)
    return Created(id=seller.id)


@router.get("/sellers")
def list_sellers(services: Reach) -> list[SellerShown]:
    """Every seller, by name."""
    return [SellerShown.of(seller) for seller in services.campaigns.sellers()]


@router.get("/sellers/{seller_id}/agents")
def list_agents(seller_id: SellerId, services: Reach) -> list[AgentShown]:
    """Everyone who keeps appointments for the seller, by name."""
    services.campaigns.seller(seller_id)
    return [AgentShown.of(agent) for agent in services.appointments.agents(seller_id)]


@router.post("/agents", status_code=201)
def put_agent(body: AgentBody, services: Reach) -> Created:
    """Keep an agent and their working hours."""
    services.campaigns.seller(SellerId(body.seller_id))
    if any(hours.closes <= hours.opens for hours in body.hours):
        raise Malformed("hours: each day closes after it opens")
    agent = Agent(
        id=AgentId(body.id or services.new_id()),
        seller_id=SellerId(body.seller_id),
        name=body.name,
        timezone=zone(body.timezone).key,
        hours=tuple(WorkingHours(weekday=each.weekday, opens=each.opens, closes=each.closes) for each in body.hours),
    )
    services.appointments.add_agent(agent)
    return Created(id=agent.id)
