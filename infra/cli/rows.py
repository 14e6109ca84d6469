"""What a suite of measurements leaves: a table on the screen and rows in a file, each held against its bar."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure. ``ratio`` is the value over its ``baseline``; ``bar`` is what the value must not pass."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    bar: float | None = None
    holds: bool = True


def write_rows(rows: Sequence[Row], file: Path) -> None:
    """Keep the rows as a JSON list."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")


def print_rows(rows: Sequence[Row], console: Console, *, title: str) -> None:
    """Print the rows as a table."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for heading in ("name", "value", "unit", "baseline", "ratio", "bar", ""):
        table.add_column(heading, justify="left" if heading in ("name", "unit") else "right")
    for row in rows:
        figures = (row.baseline, row.ratio, row.bar)
        holds = "[green]holds[/green]" if row.holds else "[red]does not hold[/red]"
        table.add_row(row.name, f"{row.value:g}", row.unit, *("–" if n is None else f"{n:g}" for n in figures), holds)
    console.print(table)
