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


@click.group(short_help="Do-not-call lists, and why a number may be called or not.")
def suppress() -> None:
    """Numbers that must not be called: your own list, and copies of the do-not-call registries.

    No campaign calls anybody without a copy of the national registry that is at most 31 days old: download one, and
    import it with `reauto suppress import`. Entries of your own list are kept for good: the law asks for it, so there
    is no command to take one off.
    """


@suppress.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--list",
    "kind",
    type=click.Choice(["national", "state", "internal"]),
    required=True,
    help="national: the federal registry; state: that of a state, with --state; internal: your own.",
)
@click.option(
    "--taken-on",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day on which the copy was downloaded.",
)
@click.option(
    "--area-codes", help="Those that the copy was bought for, such as 512,737, or all; national lists need it."
)
@click.option("--state", help="Two letters, such as FL; with --list state.")
@click.option("--san", default="", help="The subscription's account number (SAN), kept as proof.")
@click.option("--seller", "seller_name", help="With --list internal: for one seller only; by default for all.")
@click.option(
    "--empty", "is_empty", is_flag=True, help="The registry's list has no number, and is to count all the same."
)
@click.option("--despite-bad-lines", is_flag=True, help="The list is the right one, however much of it cannot be read.")
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
    is_empty: bool,
    despite_bad_lines: bool,
    api: Api,
    answer: Answer,
) -> None:
    """Import a list of numbers from FILE.

    One number a line, as registries hand them out. A copy of a registry takes the place of the older one at the moment
    all of it is there. Lines that are no numbers are named and left out; with more of them than one in twenty, or
    without any number, the copy is refused, as it would let everybody be called. Leads that only the older copy had
    blocked are looked at again.
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
        is_empty=is_empty,
        despite_bad_lines=despite_bad_lines,
    )
    report = send_list(_read(file), head=head, api=api, console=answer.console)
    answer.show(report, lambda console: draw_import(console, report, head))


@suppress.command("add")
@click.argument("number")
@click.option(
    "--reason", type=click.Choice(REASONS), default="do_not_call", show_default=True, help="What it is kept as."
)
@click.option("--seller", "seller_name", help="For one seller only; by default for all.")
@click.option("--note", default="", help="How it came to be, for whoever asks in five years.")
@with_api
def add_number(*, number: str, reason: str, seller_name: str | None, note: str, api: Api, answer: Answer) -> None:
    """Never call NUMBER (such as +15125550101) again.

    There is no way back. Calls that ring at this moment are not cut; nobody who answers one is talked to.
    """
    seller_id = find_seller(api, seller_name) if seller_name else None
    made = api.post("/v1/suppressions", {"phone": number, "reason": reason, "seller_id": seller_id, "evidence": note})
    answer.say(made, f"{made['phone']} is on the list.")


@suppress.command("list")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many numbers of your own list."
)
@with_api
def list_numbers(*, limit: int, api: Api, answer: Answer) -> None:
    """Every copy of a registry, and your own list's newest numbers."""
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
    """Why NUMBER may or may not be called now.

    The verdict of every rule, for every lead that has the number.
    """
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
