"""Money on a terminal: tables with bars."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.cli.looks import BAD, GOOD, WAITING, component, moment, width_of, words

MILLION = 1_000_000
BAR = 20
EIGHTHS = " ▏▎▍▌▋▊▉"
COLOURS = {None: GOOD, "warning": WAITING, "critical": BAD, "emergency": BAD}
RATES = ("dial", "connected_call", "conversation", "qualified_lead", "appointment")


def dollars(micro: int | None) -> str:
    """An amount for people: cents from a dollar on, four places below."""
    if micro is None:
        return "–"
    amount = micro / MILLION
    return f"${amount:,.2f}" if abs(amount) >= 1 or not micro else f"${amount:.4f}"


def bar(share: float, *, style: str = "", width: int = BAR) -> Text:
    """A share of one as a bar; what is over one fills it."""
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    full, rest = divmod(eighths, 8)
    drawn = "█" * full + (EIGHTHS[rest] if rest else "")
    return Text(drawn.ljust(width, "·"), style=style)


def draw_costs(console: Console, found: dict[str, Any]) -> None:
    """The costs by whatever they are laid out by, and what was paid for."""
    since, until = datetime.fromisoformat(found["since"]), datetime.fromisoformat(found["until"])
    console.print(Text(f"{moment(since)} – {moment(until)}", style="dim"))
    if not found["rows"]:
        console.print("No call was planned in that time.")
        return
    most = max(row["cost_micro_usd"] for row in found["rows"]) or 1
    table = _table(console, found["by"], "cost", "", "dials", "talks", "good leads", "booked")
    rates = _table(console, "cost per", *(words(rate) for rate in RATES))
    for row in found["rows"]:
        counts = (str(row[name]) for name in ("dials", "connected", "qualified", "appointments"))
        cost, drawn = dollars(row["cost_micro_usd"]), bar(row["cost_micro_usd"] / most, width=12)
        table.add_row(Text(row["label"]), cost, drawn, *counts)
        rates.add_row(Text(row["label"]), *(dollars(row[f"per_{rate}_micro_usd"]) for rate in RATES))
    console.print(table)
    console.print()
    console.print(rates)
    console.print()
    whole = sum(found["by_component"].values()) or 1
    parts = _table(console, "paid for", "cost", "")
    for name, amount in found["by_component"].items():
        parts.add_row(component(name), dollars(amount), bar(amount / whole))
    console.print(parts)


def draw_limits(console: Console, found: Sequence[dict[str, Any]]) -> None:
    """Every budget with how far it is used."""
    table = _table(console, "budget", "limit", "used", "", "held", "left")
    for one in found:
        used = one["posted_micro_usd"] + one["pending_micro_usd"]
        share = used / one["limit_micro_usd"] if one["limit_micro_usd"] else 0.0
        drawn = bar(share, style=COLOURS[one["level"]]) if one["limit_micro_usd"] is not None else Text("")
        limit = dollars(one["limit_micro_usd"]) if one["limit_micro_usd"] is not None else "none"
        name = one["name"] if one["campaign"] is None else f"campaign {one['campaign']}"
        held, left = dollars(one["pending_micro_usd"]), dollars(one["headroom_micro_usd"])
        table.add_row(Text(name), limit, dollars(used), drawn, held, left)
    console.print(table)


def draw_forecasts(console: Console, found: Sequence[dict[str, Any]]) -> None:
    """Where each period stands and will end."""
    for one in found:
        budget = one["budget"]
        limit = budget["limit_micro_usd"]
        scale = limit or one["high_micro_usd"] or 1
        spent = budget["posted_micro_usd"] + budget["pending_micro_usd"]
        head = Text.assemble((budget["name"], "bold"), f", ends {moment(datetime.fromisoformat(one['ends_at']))}")
        console.print(head)
        table = Table.grid(padding=(0, 2))
        table.add_row("  spent", dollars(spent), bar(spent / scale, style=COLOURS[budget["level"]]))
        style = BAD if limit is not None and one["expected_micro_usd"] > limit else ""
        table.add_row(
            "  expected", dollars(one["expected_micro_usd"]), bar(one["expected_micro_usd"] / scale, style=style)
        )
        console.print(table)
        console.print(Text(f"  {_outlook(one)}", style="dim"))
        console.print()


def draw_alerts(console: Console, found: Sequence[dict[str, Any]]) -> None:
    """One line each, newest first."""
    if not found:
        console.print("Nobody had to be told anything about money.")
        return
    table = _table(console, "when", "level", "what", "told")
    for one in found:
        told = "yes" if one["sent_at"] else "not yet"
        at = f"{datetime.fromisoformat(one['at']):%Y-%m-%d %H:%M}"
        table.add_row(at, Text(one["level"], style=COLOURS[one["level"]]), Text(one["reason"]), told)
    console.print(table)


def draw_usage(console: Console, found: Sequence[dict[str, Any]]) -> None:
    """Our sums beside the carrier's, with the calls that make a gap."""
    if not found:
        console.print("There was nothing to compare.")
        return
    table = _table(console, "day", "category", "ours", "theirs", "gap", "")
    for one in found:
        agrees = Text("agrees", style=GOOD) if one["holds"] else Text("differs", style=BAD)
        ours = f"{dollars(one['ours_micro_usd'])} ({one['our_count']})"
        theirs = f"{dollars(one['theirs_micro_usd'])} ({one['their_count']})"
        table.add_row(one["day"], words(one["category"]), ours, theirs, f"{one['gap_share']:.2%}", agrees)
    console.print(table)
    for one in found:
        for gap in one["gaps"]:
            theirs = dollars(gap["theirs_micro_usd"]) if gap["theirs_micro_usd"] is not None else "no price yet"
            line = f"  {one['day']} {gap['sid']}: ours {dollars(gap['ours_micro_usd'])}, theirs {theirs}"
            console.print(Text(line, style="dim"))


def _outlook(one: dict[str, Any]) -> str:
    low, high = dollars(one["low_micro_usd"]), dollars(one["high_micro_usd"])
    parts = [
        f"between {low} and {high} (confidence {one['confidence']})",
        f"{dollars(one['burn_per_hour_micro_usd'])} in the last hour",
    ]
    if one["days_left"] is not None:
        parts.append(f"the rest of the limit lasts {one['days_left']:.1f} days")
    if one["runs_out_at"] is not None:
        parts.append(f"spent by {moment(datetime.fromisoformat(one['runs_out_at']))}")
    return "; ".join(parts)


def _table(console: Console, first: str, *titles: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", width=None)
    table.add_column(first, overflow="ellipsis", no_wrap=True, max_width=max(18, width_of(console) // 3))
    for title in titles:
        table.add_column(title, justify="left" if title in ("", "what", "level", "category") else "right")
    return table
