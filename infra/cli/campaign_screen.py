"""Campaigns on a terminal: the list, and one with its leads."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from infra.cli.looks import coloured, counted, moment, shown, width_of, words


def draw_campaigns(console: Console, campaigns: Sequence[dict[str, Any]]) -> None:
    """One line each."""
    if not campaigns:
        console.print("There is no campaign yet: make one with `reauto campaign create`.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim", width=width_of(console))
    table.add_column("campaign", ratio=1, no_wrap=True, overflow="ellipsis")
    for title in ("state", "made", "id"):
        table.add_column(title, no_wrap=True)
    for one in campaigns:
        made = datetime.fromisoformat(one["created_at"])
        table.add_row(Text(one["name"]), coloured(one["state"]), f"{made:%Y-%m-%d %H:%M}", one["id"])
    console.print(table)


def draw_campaign(console: Console, found: dict[str, Any]) -> None:
    """The campaign, how its leads are spread, and two lines for each of them."""
    campaign, leads = found["campaign"], found["leads"]
    head = Text.assemble((campaign["name"], "bold"), ", ", coloured(campaign["state"]))
    if campaign["paused_because"]:
        head.append(f" ({campaign['paused_because']})")
    console.print(head)
    spread = ", ".join(f"{number} {words(status)}" for status, number in found["leads_by_status"].items())
    live = counted(found["live_calls"], "live call")
    console.print(Text(f"{counted(len(leads), 'lead')}{f': {spread}' if spread else ''}; {live}", style="dim"))
    console.print()
    for lead in leads:
        console.print(_head(lead), width=width_of(console))
        console.print(Padding(_details(lead), (0, 0, 0, 2)), width=width_of(console))


def _head(lead: dict[str, Any]) -> Table:
    row = Table.grid(expand=True, padding=(0, 1))
    row.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    row.add_column(width=20, no_wrap=True)
    row.add_column(width=9, no_wrap=True)
    row.add_column(width=8, justify="right", no_wrap=True)
    score = "" if lead["score"] is None else f"score {shown(lead['score'])}"
    ending = coloured(lead["disposition"] or lead["status"], "bold")
    row.add_row(Text(f"{lead['name']}  {lead['phone']}"), ending, score, counted(lead["attempts"], "call"))
    return row


def _details(lead: dict[str, Any]) -> Text:
    """What comes next, why not, and where to read about the last call."""
    lines = []
    if lead["not_called_because"] and not lead["last_attempt_id"]:
        lines.append(f"not rung: {'; '.join(lead['not_called_because'])}")
    if lead["next_attempt_at"]:
        lines.append(f"next call {moment(datetime.fromisoformat(lead['next_attempt_at']))}")
    if lead["last_attempt_id"]:
        lines.append(f"reauto call show {lead['last_attempt_id']}")
    return Text("\n".join([*lines, ""]) if lines else "", style="dim")
