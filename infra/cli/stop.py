"""``reauto stop``, ``reauto go`` and ``reauto stops``: the switches that stop all new calls within two seconds."""

import getpass
from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from infra.cli.api import Api
from infra.cli.directory import find_campaign, find_seller
from infra.cli.reach import Answer, with_api
from shared.kernel.errors import Malformed


def _whose(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--seller`` and ``--campaign``; without either it is about everybody."""
    campaign = click.option("--campaign", "campaign_name", help="Only this campaign: id or name.")
    seller = click.option("--seller", "seller_name", help="Only this seller: id or name.")
    return seller(campaign(command))


@click.command()
@_whose
@click.option("--reason", required=True, help="Why, for whoever wonders why nobody is rung.")
@with_api
def stop(*, seller_name: str | None, campaign_name: str | None, reason: str, api: Api, answer: Answer) -> None:
    """Ring nobody new, and hang up what rings.

    It holds within two seconds, until `reauto go` with the same options. Conversations go on. Without --seller and
    --campaign it holds everywhere.
    """
    scope = _scope(api, seller_name, campaign_name)
    made = api.post("/v1/stops", {**scope, "reason": reason, "by": getpass.getuser()})
    answer.say(made, f"Stopped: {_named(seller_name, campaign_name)}. Nobody new is rung. Lift it with `reauto go`.")


@click.command()
@_whose
@with_api
def go(*, seller_name: str | None, campaign_name: str | None, api: Api, answer: Answer) -> None:
    """Let calls be made again that `reauto stop` stopped.

    Give the same options as then; `reauto stops` shows what is stopped.
    """
    scope = _scope(api, seller_name, campaign_name)
    done = api.delete("/v1/stops", **{name: value for name, value in scope.items() if value}, by=getpass.getuser())
    whose = _named(seller_name, campaign_name)
    answer.say(done, f"Lifted: {whose}." if done["lifted"] else f"There was no stop to lift: {whose}.")


@click.command()
@with_api
def stops(*, api: Api, answer: Answer) -> None:
    """What is stopped, by whom and why."""
    found = api.get("/v1/stops")
    lines = [_told(each) for each in found]
    answer.say(found, "\n".join(lines) if lines else "Nothing is stopped.")


def _scope(api: Api, seller_name: str | None, campaign_name: str | None) -> dict[str, str | None]:
    if seller_name and campaign_name:
        raise Malformed("give either --seller or --campaign: a stop reaches one of them, or everybody")
    if campaign_name:
        return {"scope": "campaign", "target": find_campaign(api, campaign_name)}
    if seller_name:
        return {"scope": "seller", "target": find_seller(api, seller_name)}
    return {"scope": "all", "target": None}


def _named(seller_name: str | None, campaign_name: str | None) -> str:
    return f"campaign {campaign_name}" if campaign_name else f"seller {seller_name}" if seller_name else "everything"


def _told(switch: dict[str, Any]) -> str:
    whose = f"{switch['scope']} {switch['target']}" if switch["target"] else "everything"
    since = f"{datetime.fromisoformat(switch['at']):%Y-%m-%d %H:%M} UTC"
    return f"{whose} since {since}, by {switch['by']}: {switch['reason']}"
