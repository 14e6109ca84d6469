"""``reauto campaign``: make one, look at it, let it ring, stop it."""

import time
from collections.abc import Callable
from typing import Any

import click

from infra.cli.api import Api
from infra.cli.campaign_screen import draw_campaign, draw_campaigns
from infra.cli.directory import find_campaign, find_seller
from infra.cli.looks import words
from infra.cli.phases import Phases
from infra.cli.reach import Answer, with_api

LONGEST_RENDER_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.5


@click.group(short_help="Make, show, start, pause and resume campaigns.")
def campaign() -> None:
    """Campaigns; CAMPAIGN is an id, or a name that only one campaign has."""


@campaign.command("create")
@click.argument("name")
@click.option("--seller", help="Id or name; may be left out when there is only one.")
@click.option("--caller-id", required=True, help="The number people see, such as +15125550000.")
@click.option("--budget", default="25.00", show_default=True, help="Dollars; no call starts that could exceed them.")
@click.option("--script", default="seller_home_value", show_default=True, help="What the calls are about.")
@click.option("--voice", default="en-us+f2", show_default=True, help="Who speaks.")
@click.option("--concurrency", type=click.IntRange(1, 1000), default=5, show_default=True, help="Calls at once.")
@click.option("--max-attempts", type=click.IntRange(1, 20), default=6, show_default=True, help="Calls to one lead.")
@with_api
def create(*, name: str, seller: str | None, api: Api, answer: Answer, **wishes: Any) -> None:
    """Make the campaign NAME; it rings nobody before it is started."""
    body = {
        "name": name,
        "seller_id": find_seller(api, seller),
        "caller_id": wishes["caller_id"],
        "budget_usd": wishes["budget"],
        "script": wishes["script"],
        "voice": wishes["voice"],
        "max_concurrency": wishes["concurrency"],
        "max_attempts": wishes["max_attempts"],
    }
    made = api.post("/v1/campaigns", body)
    answer.say(made, f"Campaign {name}: {made['id']}")


@campaign.command("list")
@with_api
def list_all(*, api: Api, answer: Answer) -> None:
    """Every campaign, newest first."""
    found = api.get("/v1/campaigns")
    answer.show(found, lambda console: draw_campaigns(console, found))


@campaign.command("show")
@click.argument("campaign")
@with_api
def show(*, campaign: str, api: Api, answer: Answer) -> None:
    """How CAMPAIGN goes, lead by lead."""
    found = api.get(f"/v1/campaigns/{find_campaign(api, campaign)}")
    answer.show(found, lambda console: draw_campaign(console, found))


@campaign.command("start")
@click.argument("campaign")
@click.option("--wait/--no-wait", default=True, show_default=True, help="Wait until the opening is rendered.")
@with_api
def start(*, campaign: str, wait: bool, api: Api, answer: Answer) -> None:
    """Let CAMPAIGN ring its leads, as soon as its opening is rendered."""
    campaign_id = find_campaign(api, campaign)
    state = api.post(f"/v1/campaigns/{campaign_id}/start")
    if wait and state["state"] == "scheduled":
        with Phases(answer.console) as tell:
            tell("rendering the opening")
            state = _once_it_runs(api, campaign_id, waited=lambda: tell.seconds, otherwise=state)
    later = ": it starts by itself when its opening is rendered" if state["state"] == "scheduled" else ""
    answer.say(state, f"{state['name']} is {words(state['state'])}{later}.")


@campaign.command("pause")
@click.argument("campaign")
@click.option("--because", default="paused by hand", show_default=True, help="Why; it is kept.")
@with_api
def pause(*, campaign: str, because: str, api: Api, answer: Answer) -> None:
    """Ring nobody new for CAMPAIGN; calls under way are not cut."""
    state = api.post(f"/v1/campaigns/{find_campaign(api, campaign)}/pause", {"because": because})
    answer.say(state, f"{state['name']} is {words(state['state'])}: {state['paused_because']}.")


@campaign.command("resume")
@click.argument("campaign")
@with_api
def resume(*, campaign: str, api: Api, answer: Answer) -> None:
    """Go on with CAMPAIGN after a pause."""
    state = api.post(f"/v1/campaigns/{find_campaign(api, campaign)}/resume")
    answer.say(state, f"{state['name']} is {words(state['state'])}.")


def _once_it_runs(api: Api, campaign_id: str, *, waited: Callable[[], float], otherwise: dict[str, Any]) -> Any:
    """The campaign once it is no longer scheduled; as it was, when that takes too long."""
    while waited() < LONGEST_RENDER_SECONDS:
        for one in api.get("/v1/campaigns"):
            if one["id"] == campaign_id and one["state"] != "scheduled":
                return one
        time.sleep(LOOK_EVERY_SECONDS)
    return otherwise
