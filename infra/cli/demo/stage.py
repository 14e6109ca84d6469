"""Setting the stage: a seller, agents with calendars, a budget, a campaign and its leads, all through the API."""

from pathlib import Path

from rich.console import Console

from infra.cli.api import Api
from infra.cli.import_list import draw_report
from infra.local.environment import OUR_NUMBER
from shared.kernel.ids import CampaignId

SELLER = "Lakeside Realty"
WEEK = [{"weekday": day, "opens": "09:00", "closes": "17:30"} for day in range(5)]
AGENTS = (
    {"name": "Grace Turner", "timezone": "America/Chicago", "hours": WEEK},
    {"name": "Samuel Ortiz", "timezone": "America/New_York", "hours": WEEK},
)


LISTED = "+15125550199"
"""The only number on the demo's copy of the national do-not-call registry; none of its people has it."""


def take_registry_copy(api: Api) -> None:
    """A small copy of the national do-not-call registry, taken today; without one nobody may be rung."""
    today = api.get("/v1/health")["now"][:10]
    api.post("/v1/suppressions/imports", {"list": "national", "taken_on": today, "numbers": [LISTED]})


def set_stage(api: Api, *, leads: Path, concurrency: int, console: Console) -> CampaignId:
    """Make everything a campaign needs, import the list, and start; returns the campaign."""
    seller = _seller(api)
    campaign = api.post(
        "/v1/campaigns",
        {
            "seller_id": seller,
            "name": "Home value leads",
            "script": "seller_home_value",
            "voice": "en-us+f2",
            "caller_id": OUR_NUMBER,
            "budget_usd": "25.00",
            "max_concurrency": concurrency,
        },
    )["id"]
    draw_report(console, api.post_csv(f"/v1/campaigns/{campaign}/leads", leads.read_bytes()))
    take_registry_copy(api)
    api.post(f"/v1/campaigns/{campaign}/start")
    return CampaignId(campaign)


def _seller(api: Api) -> str:
    """The demo's seller with agents, made by the first demo; our number is its own."""
    known = [seller["id"] for seller in api.get("/v1/sellers") if seller["registered_name"] == SELLER]
    if known:
        return str(known[0])
    made = api.post("/v1/sellers", {"registered_name": SELLER, "callback_number": OUR_NUMBER})["id"]
    for agent in AGENTS:
        api.post("/v1/agents", {"seller_id": made, **agent})
    return str(made)
