"""Stop switches: no new call for everybody, for a seller or for a campaign, within two seconds."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from functions.api.access import Reach
from functions.api.bodies import Body
from functions.bootstrap import Services
from shared.calls.stops import StopScope, StopSwitch
from shared.kernel.ids import CampaignId, SellerId

router = APIRouter(prefix="/v1", tags=["stops"])
Who = Annotated[str, Query(min_length=1, max_length=200, description="Who lifts it")]


class StopBody(Body):
    """Whose calls stop, and why; ``target`` is a seller or a campaign, and missing for everybody."""

    scope: StopScope
    target: str | None = None
    reason: str = Field(min_length=1, max_length=200)
    by: str = Field(default="api", min_length=1, max_length=200)


@router.get("/stops")
def list_stops(services: Reach) -> list[dict[str, str | None]]:
    """Every switch that is thrown, the oldest first."""
    return [_shown(switch) for switch in services.stops.all()]


@router.post("/stops", status_code=201)
def throw(body: StopBody, services: Reach) -> dict[str, str | None]:
    """Throw a switch: nobody new is rung, and what rings is hung up. Conversations go on."""
    _check(services, body.scope, body.target)
    switch = StopSwitch(scope=body.scope, target=body.target, at=services.clock.now(), by=body.by, reason=body.reason)
    services.stops.throw(switch)
    return _shown(switch)


@router.delete("/stops")
def lift(services: Reach, scope: StopScope, target: str | None = None, by: Who = "api") -> dict[str, bool]:
    """Lift a switch; calls go on with the next round."""
    return {"lifted": services.stops.lift(scope, target, at=services.clock.now(), by=by)}


def _check(services: Services, scope: StopScope, target: str | None) -> None:
    """Refuse a switch for somebody who is not there."""
    if scope is StopScope.SELLER and target:
        services.campaigns.seller(SellerId(target))
    if scope is StopScope.CAMPAIGN and target:
        services.campaigns.get(CampaignId(target))


def _shown(switch: StopSwitch) -> dict[str, str | None]:
    return {
        "scope": switch.scope.value,
        "target": switch.target,
        "at": switch.at.isoformat(),
        "by": switch.by,
        "reason": switch.reason,
    }
