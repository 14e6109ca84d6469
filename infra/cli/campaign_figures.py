"""A campaign's figures in pictures: the speed to its leads, what was promised, its variants, its breaker."""

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.cli.looks import BAD, GOOD, WAITING, shown, width_of
from infra.cli.money_screen import bar

WIDTH = 10
GOOD_SHARE, FAIR_SHARE = 0.9, 0.7
BREAKER = {
    "failure": "calls failed",
    "abandonment": "people heard nobody in time",
    "complaint": "people asked for no more calls",
}


def draw_figures(console: Console, figures: dict[str, Any]) -> None:
    """Only what there is something to say of."""
    rows = Table.grid(padding=(0, 1))
    rows.add_column(no_wrap=True)
    rows.add_column(no_wrap=True)
    _first_calls(rows, figures["first_calls"])
    _promises(rows, figures["promises"])
    for name, rate in figures["breaker"].items():
        if rate["bad"]:
            share = rate["bad"] / max(rate["of"], 1)
            used = share / rate["most"] if rate["most"] else 1.0
            drawn = bar(used, width=WIDTH, style=BAD if used > 1 else WAITING if used > 0.5 else GOOD)
            rows.add_row(f"{rate['bad']} of {rate['of']} {BREAKER[name]}", drawn, f"at most {rate['most']:.0%} may")
    if rows.row_count:
        console.print(rows)
    if any(one["variant"] for one in figures["variants"]):
        console.print(_variants(console, figures["variants"]))


def _first_calls(rows: Table, told: dict[str, Any]) -> None:
    if told["share"] is None:
        return
    share, within = told["share"], told["within_seconds"]
    style = GOOD if share >= GOOD_SHARE else WAITING if share >= FAIR_SHARE else BAD
    p50, p95 = shown(told["p50_seconds"], "{:.0f} s"), shown(told["p95_seconds"], "{:.0f} s")
    times = f"{share:.0%}, p50 {p50}, p95 {p95}"
    rows.add_row(
        f"{told['in_time']} of {told['allowed']} new leads rung within {within:.0f} s",
        bar(share, style=style, width=WIDTH),
        times,
    )


def _promises(rows: Table, told: dict[str, int]) -> None:
    all_of_them = told["rung"] + told["waiting"]
    if not all_of_them:
        return
    late = f"{told['overdue']} due now" if told["overdue"] else ""
    words = f"{told['rung']} of {all_of_them} promised calls made"
    rows.add_row(words, bar(told["rung"] / all_of_them, style=GOOD, width=WIDTH), late)


def _variants(console: Console, variants: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", width=width_of(console))
    table.add_column("variant", ratio=1, no_wrap=True, overflow="ellipsis")
    for title in ("leads", "dials", "talks", "booked", "stops"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("qualified", no_wrap=True)
    most = max((one["qualified_share"] or 0 for one in variants), default=0) or 1
    for one in variants:
        counts = (one["leads"], one["dials"], one["conversations"], one["appointments"], one["opt_outs"])
        share = one["qualified_share"]
        drawn = Text.assemble(bar((share or 0) / most, width=10), f" {shown(share, '{:.0%}')}")
        table.add_row(Text(one["variant"] or "none"), *(f"{count:,}" for count in counts), drawn)
    return table
