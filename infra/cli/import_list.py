"""``reauto import``: a list of leads into a campaign, and every refused row with its line and reason."""

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from infra.cli.api import Api
from infra.cli.directory import find_campaign
from infra.cli.list_parts import parts_of
from infra.cli.looks import counted, width_of
from infra.cli.reach import Answer, with_api
from shared.kernel.errors import Malformed, ReautoError, Unavailable

REFUSED_SHOWN = 50


@click.command("import", short_help="Import a CSV of leads into a campaign.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--campaign", required=True, help="Id, or a name that only one campaign has.")
@click.option("--priority", type=click.IntRange(0, 99), default=0, show_default=True, help="Rung first when higher.")
@click.option(
    "--hours", multiple=True, help="When they want to be rung, on their clock: 'mon-fri 17:00-20:00'; may be repeated."
)
@with_api
def import_list(*, file: Path, campaign: str, priority: int, hours: tuple[str, ...], api: Api, answer: Answer) -> None:
    """Import the CSV FILE: the first line names the columns, every other line is a lead.

    Good rows become leads; each refused row is named with its line and what is wrong. Importing the same list again
    adds nothing twice. Who asked within the last hour is rung before the others.
    """
    text = _read(file)
    wishes: dict[str, str | list[str]] = {"priority": str(priority)} if priority else {}
    wishes |= {"hours": list(hours)} if hours else {}
    report = send(text, api=api, campaign_id=find_campaign(api, campaign), console=answer.console, **wishes)
    answer.show(report, lambda console: draw_report(console, report))


def send(text: bytes, *, api: Api, campaign_id: str, console: Console, **wishes: str | list[str]) -> dict[str, Any]:
    """Send the list part by part, each with the same wishes; one report over all of it.

    Raises:
        ReautoError: The API refused a part, or went away; what was sent before is kept.
    """
    report: dict[str, Any] = {"rows": 0, "accepted": 0, "refused": []}
    with _bar(console) as progress:
        task = progress.add_task("", total=len(text))
        for part in parts_of(text):
            try:
                told = api.post_csv(f"/v1/campaigns/{campaign_id}/leads", part.text, **wishes)
            except ReautoError as error:
                kept = f" ({counted(report['accepted'], 'lead')} of the lines before were imported)"
                raise type(error)(f"{error}{kept if report['rows'] else ''}") from error
            report["rows"] += told["rows"]
            report["accepted"] += told["accepted"]
            report["refused"] += [{**row, "line": row["line"] + part.lines_before} for row in told["refused"]]
            progress.advance(task, part.size)
    return report


def draw_report(console: Console, report: dict[str, Any]) -> None:
    """How many rows were taken, and each refused one with its line and reason."""
    refused = report["refused"]
    console.print(f"Imported {counted(report['accepted'], 'lead')}, refused {len(refused)}.")
    for row in refused[:REFUSED_SHOWN]:
        where = f", {row['column']}" if row.get("column") else ""
        console.print(Text(f"  line {row['line']}{where}: {row['reason']}"), width=width_of(console))
    if len(refused) > REFUSED_SHOWN:
        console.print(f"  … and {len(refused) - REFUSED_SHOWN} more; --json lists them all")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except IsADirectoryError as error:
        raise Malformed(f"{file} is a folder: name the CSV file in it") from error
    except OSError as error:
        raise Unavailable(f"{file} cannot be read: {error.strerror}") from error


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("importing"),
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
