"""Decisions taken anew, on a terminal: the same or not, what today's rules say, and which rule data changed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from infra.cli.looks import BAD, GOOD, WAITING, coloured, counted, width_of

MOMENTS = {"claim": "when the lead was claimed", "dial": "right before the dial", "answer": "as the person answered"}
SAYS = {
    "same": ("taken again from its facts: the same, rule by rule", GOOD),
    "different": ("taken again from its facts: NOT the same", BAD),
    "not_possible": ("cannot be taken again", WAITING),
}


def draw_replay(console: Console, found: dict[str, Any]) -> None:
    """Every decision with what became of it, and a sum at the end."""
    decisions = found["decisions"]
    for decision in decisions:
        for part in _decision(decision):
            console.print(part, width=width_of(console))
    console.print(_sum(decisions), width=width_of(console))


def _decision(decision: dict[str, Any]) -> Iterable[RenderableType]:
    when = MOMENTS.get(decision["moment"] or "", "")
    at = f"{datetime.fromisoformat(decision['at']):%Y-%m-%d %H:%M:%S} UTC"
    yield Text.assemble((at, "bold"), f", {when}: " if when else ": ", coloured(decision["verdict"], "bold"))
    for reason in decision["reasons"]:
        yield _indented(Text(reason))
    said, colour = SAYS[decision["again"]]
    because = f": {decision['because']}" if decision["because"] else ""
    yield _indented(Text(said + because, style=colour))
    if decision["today"] is None:
        return
    as_then = decision["today"] == decision["verdict"]
    yield _indented(Text.assemble("by today's rules: ", coloured(decision["today"]), ", as then" if as_then else ""))
    for change in decision["changes"]:
        yield _indented(_change(change), by=4)
    for name in decision["differing"]:
        yield _indented(Text(f"rule data {name}", style="dim"))


def _change(change: dict[str, Any]) -> Text:
    then, now = (change[side] or "not asked" for side in ("then", "now"))
    return Text(f"{change['rule']}: {then} then, {now} now ({change['reason']})")


def _indented(text: Text, by: int = 2) -> RenderableType:
    return Padding(text, (0, 0, 0, by))


def _sum(decisions: list[dict[str, Any]]) -> Text:
    if not decisions:
        return Text("no decision was kept for this call: one that came to us needs none")
    same = sum(decision["again"] == "same" for decision in decisions)
    lost = sum(decision["again"] == "not_possible" for decision in decisions)
    otherwise = len(decisions) - same - lost
    changed = sum(decision["today"] not in (None, decision["verdict"]) for decision in decisions)
    parts = [f"{counted(len(decisions), 'decision')}: {same} the same, {otherwise} not"]
    parts += [f"{lost} kept without their facts"] if lost else []
    parts += [f"{changed} would be another one by today's rules"] if changed else []
    return Text("; ".join(parts), style="bold")
