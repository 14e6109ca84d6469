"""``reauto seller`` and ``reauto agent``: the businesses that calls are made for, and who keeps their appointments."""

from typing import Any

import click
from rich.console import Console
from rich.table import Table

from infra.cli.api import Api
from infra.cli.directory import find_seller
from infra.cli.looks import width_of
from infra.cli.reach import Answer, with_api
from shared.kernel.week import read_week, week_as_json


@click.group()
def seller() -> None:
    """Registered businesses that calls are made for."""


@seller.command("create")
@click.argument("name")
@click.option("--callback-number", required=True, help="Where people may call back, such as +15125550100.")
@with_api
def create_seller(*, name: str, callback_number: str, api: Api, answer: Answer) -> None:
    """Keep the business with the registered NAME; it is said at the beginning of every call."""
    made = api.post("/v1/sellers", {"registered_name": name, "callback_number": callback_number})
    answer.say(made, f"Seller {name}: {made['id']}")


@seller.command("list")
@with_api
def list_sellers(*, api: Api, answer: Answer) -> None:
    """Every seller, by name."""
    found = api.get("/v1/sellers")
    answer.show(found, lambda console: _draw(console, found, "registered_name", "callback_number", nothing="seller"))


@click.group()
def agent() -> None:
    """People who keep appointments for a seller."""


@agent.command("create")
@click.argument("name")
@click.option("--seller", "seller_name", help="Id or name; may be left out when there is only one.")
@click.option("--timezone", required=True, help="Such as America/Chicago.")
@click.option(
    "--hours",
    multiple=True,
    default=("mon-fri 09:00-17:30",),
    show_default=True,
    help="When appointments may be booked, on the agent's own clock; may be repeated.",
)
@with_api
def create_agent(
    *, name: str, seller_name: str | None, timezone: str, hours: tuple[str, ...], api: Api, answer: Answer
) -> None:
    """Keep the agent NAME with their working hours."""
    week = [day for text in hours for day in read_hours(text)]
    body = {"seller_id": find_seller(api, seller_name), "name": name, "timezone": timezone, "hours": week}
    made = api.post("/v1/agents", body)
    answer.say(made, f"Agent {name}: {made['id']}")


@agent.command("list")
@click.option("--seller", "seller_name", help="Id or name; may be left out when there is only one.")
@with_api
def list_agents(*, seller_name: str | None, api: Api, answer: Answer) -> None:
    """Who keeps appointments for a seller."""
    found = api.get(f"/v1/sellers/{find_seller(api, seller_name)}/agents")
    answer.show(found, lambda console: _draw(console, found, "name", "timezone", nothing="agent"))


def read_hours(text: str) -> list[dict[str, Any]]:
    """``mon-fri 09:00-17:30`` as the API's days.

    Raises:
        Malformed: It is written otherwise.
    """
    return week_as_json(read_week([text]))


def _draw(console: Console, found: list[dict[str, Any]], name: str, detail: str, *, nothing: str) -> None:
    if not found:
        console.print(f"There is no {nothing} yet.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim", width=width_of(console))
    table.add_column(nothing, ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column(detail.replace("_", " "), no_wrap=True)
    table.add_column("id", no_wrap=True)
    for one in found:
        table.add_row(one[name], one[detail], one["id"])
    console.print(table)
