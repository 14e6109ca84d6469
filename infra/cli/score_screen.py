"""Scores on a terminal: a table by points, the thresholds beside each other, and where a score comes from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.cli.looks import counted, moment, words

OUTCOMES = {"set": "made an appointment", "kept": "kept an appointment"}


def draw_scores(console: Console, found: dict[str, Any]) -> None:
    """The shares by score, and what a threshold would have meant."""
    since, until = (moment(datetime.fromisoformat(found[name])) for name in ("since", "until"))
    console.print(Text(f"{since} – {until}", style="dim"))
    if not found["calls"]:
        console.print("No call of that time has a score.")
        return
    table = _table("score", "calls", "qualified", "booked", "kept")
    for one in found["buckets"]:
        shares = (_share(one[name]) for name in ("qualified", "appointments", "kept"))
        table.add_row(f"{one['first']}–{one['last']}", str(one["calls"]), *shares)
    console.print(table)
    console.print()
    _draw_thresholds(console, found)
    if found["unmarked"]:
        waiting = counted(len(found["unmarked"]), "past appointment")
        console.print(Text(f"{waiting} not marked: reauto score unmarked", style="dim"))


def draw_history(console: Console, found: Sequence[dict[str, Any]]) -> None:
    """Every score with its parts, and the words they rest on."""
    if not found:
        console.print("The call was given no score.")
    for one in found:
        at = moment(datetime.fromisoformat(one["at"]))
        console.print(Text.assemble((f"{one['points']}", "bold"), f" by {one['source']}, {at}"))
        table = Table.grid(padding=(0, 2))
        for part in one["reasons"]:
            table.add_row(f"  {part['name']}", f"{part['points']}/{part['most']}", Text(words(part["why"])))
            for each in part["evidence"]:
                turn = f"turn {each['turn']}" if each["turn"] else "earlier"
                table.add_row("", turn, Text(each["quote"] or "(not kept)", style="dim", overflow="fold"))
        console.print(table)


def draw_unmarked(console: Console, found: Sequence[dict[str, Any]]) -> None:
    """One line each."""
    if not found:
        console.print("Of every past appointment it is known whether it was kept.")
        return
    table = _table("appointment", "when", "lead")
    for one in found:
        when = moment(datetime.fromisoformat(one["starts_at"]), one["timezone"])
        table.add_row(one["id"], when, one["lead_id"])
    console.print(table)


def _draw_thresholds(console: Console, found: dict[str, Any]) -> None:
    who = OUTCOMES[found["by"]]
    table = _table("hot from", f"of those who {who}", f"of those above who {who}", "merit")
    chosen = [("present", found["present"])]
    if found["served"] and found["served"]["points"] != found["present"]["points"]:
        chosen.append(("would have served", found["served"]))
    for name, one in chosen:
        shares = (_share(one[each]) for each in ("hit", "right"))
        table.add_row(f"{one['points']} ({name})", *shares, f"{one['merit']:.2f}")
    console.print(table)
    if found["served"] is None:
        console.print(Text("Too few calls, or too few of either outcome, to tell a better threshold.", style="dim"))
    elif len(chosen) == 1:
        console.print(Text("No other threshold would have served better.", style="dim"))


def _share(one: dict[str, Any]) -> str:
    if one["value"] is None:
        return "–"
    return f"{one['count']}/{one['of']} {one['value']:.0%} ({one['low']:.0%}–{one['high']:.0%})"


def _table(first: str, *titles: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", width=None)
    table.add_column(first)
    for title in titles:
        table.add_column(title, justify="right" if title in ("calls", "merit") else "left")
    return table
