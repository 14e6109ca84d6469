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


def set_stage(api: Api, *, leads: Path, concurrency: int, console: Console) -> CampaignId:
    """Make everything a campaign needs, import the list, and start; returns the campaign."""
    seller = api.post("/v1/sellers", {"registered_name": SELLER, "callback_number": OUR_NUMBER})["id"]
    for agent in AGENTS:
        api.post("/v1/agents", {"seller_id": seller, **agent})
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
    api.post(f"/v1/campaigns/{campaign}/start")
    return CampaignId(campaign)
