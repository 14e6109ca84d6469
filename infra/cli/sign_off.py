"""``reauto sign-off``: what a seller's counsel signed for a state."""

from typing import Any

import click
from rich.console import Console
from rich.table import Table

from infra.cli.api import Api
from infra.cli.directory import find_seller
from infra.cli.looks import width_of
from infra.cli.reach import Answer, with_api
from infra.cli.suppress_import import waits_again

POLICIES = ("allow", "consent_only", "human_first", "block")
MEANING = (
    "allow: as everywhere; consent_only: whose consent names the artificial voice; "
    "human_first and block: nobody is called."
)


@click.group("sign-off", short_help="What counsel signed off, state by state.")
def sign_off() -> None:
    """What counsel signed off: in which states, and how, an artificial voice may call for a seller."""


@sign_off.command("add")
@click.argument("state")
@click.option("--seller", "seller_name", help="Id or name; may be left out when there is only one.")
@click.option("--policy", type=click.Choice(POLICIES), required=True, help=MEANING)
@click.option("--by", "signed_by", required=True, help="Who signed.")
@click.option("--licence", default="", help="The licence number, or why none is needed, where a state asks.")
@click.option("--note", default="", help="Whatever else should be kept with it.")
@with_api
def add(
    *,
    state: str,
    seller_name: str | None,
    policy: str,
    signed_by: str,
    licence: str,
    note: str,
    api: Api,
    answer: Answer,
) -> None:
    """Keep a signature for STATE (two letters); the newest counts.

    Leads that only the law of this state had blocked are looked at again.
    """
    body = {"state": state.upper(), "policy": policy, "signed_by": signed_by, "licence": licence, "note": note}
    made = api.post(f"/v1/sellers/{find_seller(api, seller_name)}/sign-offs", body)
    line = f"{made['state']}: {made['policy']}, signed by {made['signed_by']}"
    answer.say(made, f"{line}\n{waits_again(made['reopened'])}" if made["reopened"] else line)


@sign_off.command("list")
@click.option("--seller", "seller_name", help="Id or name; may be left out when there is only one.")
@with_api
def list_all(*, seller_name: str | None, api: Api, answer: Answer) -> None:
    """The newest signature for each state."""
    found = api.get(f"/v1/sellers/{find_seller(api, seller_name)}/sign-offs")
    answer.show(found, lambda console: _draw(console, found))


def _draw(console: Console, found: list[dict[str, Any]]) -> None:
    if not found:
        console.print("Nothing is signed off yet.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim", width=width_of(console))
    for column in ("state", "policy", "signed by", "on", "licence"):
        table.add_column(column)
    for each in found:
        table.add_row(each["state"], each["policy"], each["signed_by"], each["signed_at"][:10], each["licence"])
    console.print(table)
