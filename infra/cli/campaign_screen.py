"""Campaigns on a terminal: the list, and one with its leads."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from infra.cli.campaign_figures import draw_figures
from infra.cli.looks import COLOURS, coloured, counted, moment, shown, width_of, words
from infra.cli.money_screen import bar

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def draw_campaigns(console: Console, campaigns: Sequence[dict[str, Any]]) -> None:
    """One line each, and under it why it rests."""
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
    for one in campaigns:
        if one["paused_because"]:
            console.print(Text(f"{one['name']} rests: {_pause(one)}", style="dim"), soft_wrap=True)


def draw_campaign(console: Console, found: dict[str, Any]) -> None:
    """The campaign, how it rings, how its leads are spread, its figures, and two lines for each of the leads shown."""
    campaign, leads = found["campaign"], found["leads"]
    head = Text.assemble((campaign["name"], "bold"), ", ", coloured(campaign["state"]))
    if campaign["paused_because"]:
        head.append(f" ({_pause(campaign)})")
    console.print(head, soft_wrap=True)
    for line in _plan(campaign):
        console.print(Text(line, style="dim"), soft_wrap=True)
    draw_spread(console, found["leads_by_status"], live=found["live_calls"])
    draw_figures(console, found["figures"])
    console.print()
    for lead in leads:
        console.print(_head(lead), width=width_of(console))
        console.print(Padding(_details(lead), (0, 0, 0, 2)), width=width_of(console))
    rest = sum(found["leads_by_status"].values()) - len(leads)
    if rest > 0 and leads:
        console.print(Text(f"… and {rest:,} more: --leads shows more of them, --status those of one kind", style="dim"))


def draw_spread(console: Console, by_status: Mapping[str, int], *, live: int) -> None:
    """How the leads are spread over their statuses, in bars."""
    total = sum(by_status.values())
    console.print(Text(f"{counted(total, 'lead')}; {counted(live, 'live call')}"))
    rows = Table.grid(padding=(0, 1))
    for status, number in sorted(by_status.items(), key=lambda one: -one[1]):
        drawn = bar(number / total, style=COLOURS.get(status, ""))
        rows.add_row(Text(f"  {words(status)}"), drawn, Text(f"{number:,}", justify="right"), f"{number / total:.0%}")
    if by_status:
        console.print(rows)


def _pause(campaign: Mapping[str, Any]) -> str:
    reason = f"{words(campaign['paused_reason'])}: " if campaign["paused_reason"] not in (None, "manual") else ""
    again = "; start it again yourself" if campaign["paused_reason"] == "breaker" else ""
    return f"{reason}{campaign['paused_because']}{again}"


def _plan(campaign: Mapping[str, Any]) -> Iterator[str]:
    """Only what is out of the ordinary."""
    plan = campaign["plan"]
    if plan["hours"]:
        yield "rings " + ", ".join(f"{DAYS[day['weekday']]} {day['opens']}-{day['closes']}" for day in plan["hours"])
    for name, key in (("begins", "starts_at"), ("ends", "ends_at")):
        if campaign[key]:
            yield f"{name} {moment(datetime.fromisoformat(campaign[key]))}"
    if plan["voicemail"] != "none":
        yield f"voicemail hears: {plan['voicemail_text']}"
    if not plan["recorded"]:
        yield "calls are not recorded"


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
    if lead["not_called_because"] and (not lead["last_attempt_id"] or lead["promised_at"]):
        lines.append(f"not rung: {'; '.join(lead['not_called_because'])}")
    if lead["promised_at"]:
        lines.append(f"promised a call {moment(datetime.fromisoformat(lead['promised_at']))}")
    if lead["next_attempt_at"]:
        lines.append(f"next call {moment(datetime.fromisoformat(lead['next_attempt_at']))}")
    if lead["last_attempt_id"]:
        lines.append(f"reauto call show {lead['last_attempt_id']}")
    return Text("\n".join([*lines, ""]) if lines else "", style="dim")
