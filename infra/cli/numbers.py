"""``reauto number``: the numbers people see when we call, and how they fare."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.cli.api import Api
from infra.cli.directory import find_campaign, find_seller
from infra.cli.looks import BAD, GOOD, WAITING, moment, width_of, words
from infra.cli.money_screen import bar
from infra.cli.reach import Answer, with_api

COLOURS = {"ready": GOOD, "warming_up": WAITING, "resting": BAD}


@click.group(short_help="Add, list and give up the numbers people see.")
def number() -> None:
    """The numbers that people see when you call.

    Networks and people judge them: one that is turned away too often rests for a day by itself, and calls come from
    the others.
    """


@number.command("add")
@click.argument("phone")
@click.option("--seller", help="Id or name; may be left out when there is only one.")
@click.option("--campaign", help="Only this campaign shows it; by default every campaign of the seller.")
@click.option("--authorisation", default="", help="By what right we show it, such as the carrier's bundle.")
@click.option(
    "--warm-up/--in-use",
    default=True,
    show_default=True,
    help="Is it new to the networks? Then few dials a day at first.",
)
@with_api
def add(
    *, phone: str, seller: str | None, campaign: str | None, authorisation: str, warm_up: bool, api: Api, answer: Answer
) -> None:
    """Let calls come from PHONE, too.

    You own it at the carrier already: this only tells of it. Each lead keeps seeing the same number.
    """
    body = {
        "phone": phone,
        "seller_id": find_seller(api, seller),
        "campaign_id": find_campaign(api, campaign) if campaign else None,
        "authorisation": authorisation,
        "warms_up": warm_up,
    }
    made = api.post("/v1/numbers", body)
    few = f", at most {made['most_dials']} dials a day for now" if made["most_dials"] else ""
    answer.say(made, f"{made['phone']} is {words(made['standing'])}{few}.")


@number.command("list")
@click.option("--seller", help="Id or name; by default the numbers of all.")
@with_api
def list_all(*, seller: str | None, api: Api, answer: Answer) -> None:
    """Every number, and how its last 24 hours went.

    Dials, answers, calls that were over at once, calls that networks turned away; and why a number rests.
    """
    query = {"seller_id": find_seller(api, seller)} if seller else {}
    found = api.get("/v1/numbers", **query)
    answer.show(found, lambda console: draw_numbers(console, found))


@number.command("retire")
@click.argument("phone")
@with_api
def retire(*, phone: str, api: Api, answer: Answer) -> None:
    """Call nobody from PHONE any more.

    Whoever calls it is still answered.
    """
    made = api.post(f"/v1/numbers/{phone.replace(' ', '')}/retire")
    answer.say(made, f"{made['phone']} is retired.")


def draw_numbers(console: Console, numbers: Sequence[dict[str, Any]]) -> None:
    """One line each, a bar for its answers, and under it why it rests."""
    if not numbers:
        console.print("There is no number yet: a campaign brings its own, others come with `reauto number add`.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim", width=width_of(console))
    table.add_column("number", no_wrap=True)
    table.add_column("standing", no_wrap=True)
    for title in ("dials", "short", "blocked"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("answered", no_wrap=True)
    for one in numbers:
        share = one["answered"] / one["dials"] if one["dials"] else 0.0
        dials = f"{one['dials']}/{one['most_dials']}" if one["most_dials"] else str(one["dials"])
        answered = Text.assemble(bar(share, width=10, style=GOOD), f" {one['answered']}")
        standing = Text(words(one["standing"]), style=COLOURS.get(one["standing"], "dim"))
        table.add_row(one["phone"], standing, dials, str(one["short"]), str(one["blocked"]), answered)
    console.print(table)
    for one in numbers:
        if one["standing"] == "resting":
            until = moment(datetime.fromisoformat(one["cooled_until"]))
            line = f"{one['phone']} rests until {until}: {one['cooled_because']}"
            console.print(Text(line, style="dim"), soft_wrap=True)
