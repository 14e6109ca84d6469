"""``reauto campaign``: make one, change it, look at it, let it ring, stop it."""

import time
from collections.abc import Callable
from typing import Any

import click

from infra.cli.api import Api
from infra.cli.campaign_screen import draw_campaign, draw_campaigns
from infra.cli.campaign_wishes import body_of, wishes
from infra.cli.directory import find_campaign, find_seller
from infra.cli.looks import words
from infra.cli.phases import Phases
from infra.cli.reach import Answer, with_api

LONGEST_RENDER_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.5
SCRIPT = "seller_home_value"
STATUSES = ("new", "ready", "claimed", "in_call", "qualified", "not_qualified", "not_interested", "opted_out")
ENDINGS = ("unreachable", "invalid", "blocked", "exhausted")


@click.group(short_help="Make, change, show, start, pause and resume campaigns.")
def campaign() -> None:
    """Campaigns: whom to call about what, when, how often and for how much.

    Make one, import its leads with `reauto import`, and start it. CAMPAIGN is an id, or a name that only one has.
    """


@campaign.command("create")
@click.argument("name")
@click.option("--seller", help="Id or name; may be left out when there is only one.")
@click.option("--caller-id", required=True, help="The number people see, such as +15125550000; it joins our numbers.")
@click.option("--budget", default="25.00", show_default=True, help="Dollars; no call starts that could exceed them.")
@wishes
@with_api
def create(
    *, name: str, seller: str | None, caller_id: str, budget: str, api: Api, answer: Answer, **wished: Any
) -> None:
    """Make the campaign NAME; it rings nobody before it is started.

    Without more it speaks about the value of homes, five calls at once, sixty new ones a minute, six to one lead, at
    every hour of the law.
    """
    body = {"script": SCRIPT} | body_of(wished)
    body |= {"name": name, "seller_id": find_seller(api, seller), "caller_id": caller_id, "budget_usd": budget}
    made = api.post("/v1/campaigns", body)
    answer.say(made, f"Campaign {name}: {made['id']}")


@campaign.command("set")
@click.argument("campaign")
@click.option("--name", help="Another name.")
@click.option("--caller-id", help="Another number for people to see.")
@wishes
@with_api
def change(*, campaign: str, name: str | None, caller_id: str | None, api: Api, answer: Answer, **wished: Any) -> None:
    """Change how CAMPAIGN rings; what is left out stays as it is.

    Leads keep their times, their promised call-backs and their variants; calls under way go on as they began.
    """
    named = {"name": name, "caller_id": caller_id}
    body = body_of(wished) | {key: value for key, value in named.items() if value is not None}
    state = api.patch(f"/v1/campaigns/{find_campaign(api, campaign)}", body)
    answer.say(state, f"{state['name']} is changed.")


@campaign.command("list")
@with_api
def list_all(*, api: Api, answer: Answer) -> None:
    """Every campaign, newest first."""
    found = api.get("/v1/campaigns")
    answer.show(found, lambda console: draw_campaigns(console, found))


@campaign.command("show")
@click.argument("campaign")
@click.option("--leads", type=click.IntRange(0, 1000), default=20, show_default=True, help="How many leads to show.")
@click.option("--status", type=click.Choice((*STATUSES, *ENDINGS)), help="Show leads of this status alone.")
@with_api
def show(*, campaign: str, leads: int, status: str | None, api: Api, answer: Answer) -> None:
    """How CAMPAIGN goes, and why it rests if it does.

    Its leads in a picture, its speed, its variants, and the first of its leads.
    """
    path = f"/v1/campaigns/{find_campaign(api, campaign)}"
    found = api.get(path) | {"figures": api.get(f"{path}/figures")}
    if status or leads > len(found["leads"]):
        wanted = {"limit": str(max(leads, 1))} | ({"status": status} if status else {})
        found |= api.get(f"{path}/leads", **wanted)
    found["leads"] = found["leads"][:leads]
    answer.show(found, lambda console: draw_campaign(console, found))


@campaign.command("start")
@click.argument("campaign")
@click.option("--wait/--no-wait", default=True, show_default=True, help="Wait until the opening is rendered.")
@with_api
def start(*, campaign: str, wait: bool, api: Api, answer: Answer) -> None:
    """Let CAMPAIGN ring its leads.

    It begins as soon as its opening is rendered and its time has come. What it lacks is said, one thing a line.
    """
    _begin("start", campaign, wait=wait, api=api, answer=answer)


@campaign.command("resume")
@click.argument("campaign")
@click.option("--wait/--no-wait", default=True, show_default=True, help="Wait until the opening is rendered.")
@with_api
def resume(*, campaign: str, wait: bool, api: Api, answer: Answer) -> None:
    """Go on with CAMPAIGN after a pause, yours or its own.

    Leads keep their times and the call-backs that they were promised.
    """
    _begin("resume", campaign, wait=wait, api=api, answer=answer)


@campaign.command("pause")
@click.argument("campaign")
@click.option("--because", default="paused by hand", show_default=True, help="Why, for whoever wonders.")
@with_api
def pause(*, campaign: str, because: str, api: Api, answer: Answer) -> None:
    """Ring nobody new for CAMPAIGN.

    Calls under way are not cut; `reauto stop` also hangs up what rings.
    """
    state = api.post(f"/v1/campaigns/{find_campaign(api, campaign)}/pause", {"because": because})
    answer.say(state, f"{state['name']} is {words(state['state'])}: {state['paused_because']}.")


def _begin(step: str, campaign: str, *, wait: bool, api: Api, answer: Answer) -> None:
    campaign_id = find_campaign(api, campaign)
    state = api.post(f"/v1/campaigns/{campaign_id}/{step}")
    is_early = state.get("starts_at") is not None and state["state"] == "scheduled"
    if wait and state["state"] == "scheduled" and not is_early:
        with Phases(answer.console) as tell:
            tell("rendering the opening")
            state = _once_it_runs(api, campaign_id, waited=lambda: tell.seconds, otherwise=state)
    answer.say(state, f"{state['name']} is {words(state['state'])}{_later(state)}.")


def _later(state: dict[str, Any]) -> str:
    if state["state"] != "scheduled":
        return ""
    at = f", not before {state['starts_at']}" if state.get("starts_at") else ""
    return f": it starts by itself when its opening is rendered{at}"


def _once_it_runs(api: Api, campaign_id: str, *, waited: Callable[[], float], otherwise: dict[str, Any]) -> Any:
    """The campaign once it is no longer scheduled; as it was, when that takes too long."""
    while waited() < LONGEST_RENDER_SECONDS:
        for one in api.get("/v1/campaigns"):
            if one["id"] == campaign_id and one["state"] != "scheduled":
                return one
        time.sleep(LOOK_EVERY_SECONDS)
    return otherwise
