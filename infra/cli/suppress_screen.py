"""Do-not-call lists, and a number's verdict, as people read them."""

from datetime import datetime
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from infra.cli.looks import coloured, counted, width_of, words

NO_COPY = "There is no copy of a do-not-call registry yet: reauto suppress import FILE --list national …"


def draw_copies(console: Console, copies: list[dict[str, Any]]) -> None:
    """Every copy, the newest first."""
    if not copies:
        console.print(NO_COPY)
        return
    table = _table(console, "list", "taken on", "numbers", "area codes")
    for copy in copies:
        codes = ", ".join(copy["area_codes"]) or "all"
        name = copy["state"] or copy["registry"]
        table.add_row(name, copy["taken_on"], f"{copy['numbers']:,}", codes)
    console.print(table)


def draw_entries(console: Console, entries: list[dict[str, Any]]) -> None:
    """The entries of our own list."""
    if not entries:
        console.print("Your own list is empty.")
        return
    table = _table(console, "number", "reason", "since", "for")
    for entry in entries:
        table.add_row(entry["phone"], words(entry["reason"]), entry["at"][:10], entry["seller_id"] or "all")
    console.print(table)


def draw_number(console: Console, found: dict[str, Any], *, shows_all: bool) -> None:
    """What speaks for and against a number, lead by lead."""
    console.print(Text(found["phone"], style="bold"))
    for entry in found["suppressions"]:
        console.print(Text(f"  on the list since {entry['at'][:10]}: {words(entry['reason'])} {entry['evidence']}"))
    for listing in found["listings"]:
        name = listing["state"] or listing["registry"]
        said = "listed" if listing["is_listed"] else "not listed" if listing["covers"] else "not covered"
        console.print(Text(f"  {name} registry, copy of {listing['taken_on']}: {said}"))
    if not found["leads"]:
        console.print(f"  No lead of a campaign has this number; {counted(found['consents'], 'consent')}.")
    for lead in found["leads"]:
        _draw_lead(console, lead, shows_all=shows_all)


def _draw_lead(console: Console, lead: dict[str, Any], *, shows_all: bool) -> None:
    until = lead["defer_until"] or lead["allowed_until"]
    until = f"{datetime.fromisoformat(until):%Y-%m-%d %H:%M} UTC" if until else ""
    line = Text(f"  {lead['name']}, {lead['campaign']} ({words(lead['status'])}): ")
    console.print(line + coloured(lead["verdict"]) + Text(f" until {until}" if until else ""))
    for finding in lead["findings"]:
        if shows_all or finding["verdict"] != "allow":
            text = coloured(finding["verdict"]) + Text(f" {finding['rule']}: {finding['reason']}")
            text += Text(f"  [{finding['source']}]", style="dim")
            console.print(Padding(text, (0, 0, 0, 4), expand=False), width=width_of(console))


def _table(console: Console, *columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", width=width_of(console))
    for column in columns:
        table.add_column(column)
    return table
