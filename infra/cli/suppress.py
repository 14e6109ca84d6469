"""``reauto suppress``: who must not be called, and why a number may or may not be called now."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from infra.cli.api import Api
from infra.cli.directory import find_seller
from infra.cli.reach import Answer, with_api
from infra.cli.suppress_import import ListHead, draw_import, send_list
from infra.cli.suppress_screen import draw_copies, draw_entries, draw_number
from shared.kernel.errors import Malformed, Unavailable

REASONS = ("do_not_call", "opt_out", "wrong_number", "manual")


@click.group()
def suppress() -> None:
    """Numbers that must not be called: our own list, and copies of the do-not-call registries.

    Entries of our own list are kept for good: the law asks for it, so there is no command to take one off.
    """


@suppress.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--list",
    "kind",
    type=click.Choice(["national", "state", "internal"]),
    required=True,
    help="Whose list it is; internal is your own.",
)
@click.option(
    "--taken-on",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day on which the copy was downloaded.",
)
@click.option("--area-codes", help="What the copy of the national list was bought for, such as 512,737, or all.")
@click.option("--state", help="Whose list, such as FL, with --list state.")
@click.option("--san", default="", help="Subscription account number of the registry.")
@click.option("--seller", "seller_name", help="With --list internal: for one seller only; by default for all.")
@with_api
def import_numbers(
    *,
    file: Path,
    kind: str,
    taken_on: datetime,
    area_codes: str | None,
    state: str | None,
    san: str,
    seller_name: str | None,
    api: Api,
    answer: Answer,
) -> None:
    """Import the numbers in FILE, one a line, as registries hand them out.

    A copy of a registry takes the place of the older one at the moment all of it is there. Lines that are no numbers
    are named and left out.
    """
    if kind == "national" and not area_codes:
        raise Malformed("--area-codes: name those that the copy was bought for, such as 512,737, or write all")
    if (kind == "state") != (state is not None):
        raise Malformed("--state goes with --list state, and only with it")
    head = ListHead(
        kind=kind,
        taken_on=taken_on.date(),
        area_codes=_codes(area_codes),
        state=state.upper() if state else None,
        account=san,
        seller_id=find_seller(api, seller_name) if seller_name else None,
    )
    report = send_list(_read(file), head=head, api=api, console=answer.console)
    answer.show(report, lambda console: draw_import(console, report, head))


@suppress.command("add")
@click.argument("number")
@click.option("--reason", type=click.Choice(REASONS), default="do_not_call", show_default=True)
@click.option("--seller", "seller_name", help="For one seller only; by default for all.")
@click.option("--note", default="", help="How it came to be, for whoever asks in five years.")
@with_api
def add_number(*, number: str, reason: str, seller_name: str | None, note: str, api: Api, answer: Answer) -> None:
    """Never call NUMBER again."""
    seller_id = find_seller(api, seller_name) if seller_name else None
    made = api.post("/v1/suppressions", {"phone": number, "reason": reason, "seller_id": seller_id, "evidence": note})
    answer.say(made, f"{made['phone']} is on the list.")


@suppress.command("list")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@with_api
def list_numbers(*, limit: int, api: Api, answer: Answer) -> None:
    """The copies of registries, and the numbers that went on your own list last."""
    found: dict[str, Any] = {
        "copies": api.get("/v1/suppressions/copies"),
        "newest": api.get("/v1/suppressions", limit=str(limit)),
    }

    def draw(console: Any) -> None:
        draw_copies(console, found["copies"])
        draw_entries(console, found["newest"])

    answer.show(found, draw)


@suppress.command("check")
@click.argument("number")
@click.option("--all", "shows_all", is_flag=True, help="Show the rules that allow it, too.")
@with_api
def check_number(*, number: str, shows_all: bool, api: Api, answer: Answer) -> None:
    """Why NUMBER may or may not be called now, for every lead that has it."""
    found = api.get(f"/v1/numbers/{number}")
    answer.show(found, lambda console: draw_number(console, found, shows_all=shows_all))


def _codes(text: str | None) -> tuple[str, ...] | str:
    if text is None or text.strip().casefold() == "all":
        return "all"
    return tuple(code for code in text.replace(",", " ").split() if code)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except IsADirectoryError as error:
        raise Malformed(f"{file} is a folder: name the file in it") from error
    except OSError as error:
        raise Unavailable(f"{file} cannot be read: {error.strerror}") from error
