"""Whether this installation may ring people now, and what stands against it."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from fastapi import APIRouter

from functions.api.access import Reach
from functions.api.bodies import Body
from functions.bootstrap import Services
from shared.campaigns import CampaignState
from shared.campaigns.calling_hours import calling_hours
from shared.kernel.errors import Refused, Unavailable
from shared.reports.readiness import AccountFacts, Check, Grade, Installation, is_ready, readiness

router = APIRouter(prefix="/v1", tags=["readiness"])
SHOULD_RING = (CampaignState.RUNNING, CampaignState.SCHEDULED)
RECENT = timedelta(days=1)
LOOK_BACK = timedelta(days=7)
INBOUND = "/v1/twilio/inbound"
Found = TypeVar("Found")


class CheckShown(Body):
    """One check; ``todo`` is empty when it is good."""

    about: str
    grade: Grade
    seen: str
    todo: str

    @classmethod
    def of(cls, check: Check) -> "CheckShown":
        """The check as the API shows it."""
        return cls(about=check.about, grade=check.grade, seen=check.seen, todo=check.todo)


class Ready(Body):
    """Every check; ``is_ready`` when none of them is bad."""

    is_ready: bool
    checks: tuple[CheckShown, ...]


@router.get("/readiness")
def show_readiness(services: Reach) -> Ready:
    """Ask everything that a call depends on, the carrier too; takes a second or two."""
    checks = readiness(_look(services), now=services.clock.now())
    return Ready(is_ready=is_ready(checks), checks=tuple(CheckShown.of(check) for check in checks))


def _look(services: Services) -> Installation:
    now = services.clock.now()
    sellers = services.campaigns.sellers()
    campaigns = [campaign for state in SHOULD_RING for campaign in services.campaigns.in_state(state)]
    account, fault = _account(services)
    rows = calling_hours().table.states
    return Installation(
        sellers=sellers,
        agents={seller.id: len(services.appointments.agents(seller.id)) for seller in sellers},
        numbers=services.own_numbers.all(),
        campaigns=campaigns,
        lacking={
            campaign.id: services.starting.readiness(campaign, now=now).lacks(campaign, now=now)
            for campaign in campaigns
        },
        registries=services.registries.copies(),
        stops=_if_reached(services.stops.all),
        free_slots=_if_reached(services.capacity.free),
        violations=services.invariants.violations(now, look_back=LOOK_BACK),
        alerts=services.alerts.since(now - RECENT),
        unverified_states=[state for state, row in rows.items() if not row.is_primary],
        inbound_url=services.public_base_url.rstrip("/") + INBOUND,
        account=account,
        account_fault=fault,
    )


def _account(services: Services) -> tuple[AccountFacts | None, str]:
    try:
        return services.carrier_account.look(), ""
    except (Refused, Unavailable) as error:
        return None, str(error)


def _if_reached(ask: Callable[[], Found]) -> Found | None:
    try:
        return ask()
    except Unavailable:
        return None
