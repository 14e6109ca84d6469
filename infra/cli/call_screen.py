"""One call on a terminal: its course, what was said, why it was allowed, its score, its cost."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from infra.cli.analysis_screen import analysis_parts
from infra.cli.looks import coloured, component, width_of, words
from shared.kernel.money import Money

COURSE = (
    ("planned_at", "planned"),
    ("dial_started_at", "dialled"),
    ("answered_at", "answered"),
    ("streamed_at", "conversation began"),
    ("ended_at", "over"),
)


def draw_call(console: Console, found: dict[str, Any]) -> None:
    """Everything, top to bottom as it happened."""
    behind = analysis_parts(found["analysis"]) if found.get("analysis") else ()
    parts = (*_course(found), *_transcript(found), *behind, *_permission(found), *_score(found), *_costs(found))
    for part in parts:
        console.print(part, width=width_of(console))


def _course(found: dict[str, Any]) -> Iterable[RenderableType]:
    attempt = found["attempt"]
    ending = coloured(found["disposition"] or attempt["state"], "bold")
    yield Text.assemble((attempt["phone"], "bold"), f", call {attempt['attempt_no']}: ", ending)
    rows = _grid()
    for key, name in COURSE:
        if attempt[key]:
            rows.add_row(name, _clock(attempt[key]))
    if attempt["duration_seconds"] is not None:
        rows.add_row("lasted", f"{attempt['duration_seconds']} s")
    for name, value in (("carrier says", attempt["provider_result"]), ("ended because", attempt["end_reason"])):
        if value:
            rows.add_row(name, words(value))
    report = found["report"] or {}
    if report.get("script"):
        rows.add_row("script", f"{report['script']}, version {report['script_version']}")
    if report.get("recording_path"):
        rows.add_row("recording", Text(report["recording_path"], overflow="fold"))
    elif report.get("recording_purged_at"):
        because = words(report["recording_purged_because"])
        rows.add_row("recording", f"deleted {_clock(report['recording_purged_at'])}: {because}")
    yield rows


def _transcript(found: dict[str, Any]) -> Iterable[RenderableType]:
    turns = (found["report"] or {}).get("turns", ())
    if not turns:
        return
    yield _title("What was said")
    rows = Table.grid(padding=(0, 1))
    rows.add_column(justify="right", style="dim", no_wrap=True)
    rows.add_column(no_wrap=True, style="dim")
    rows.add_column()
    for turn in sorted(turns, key=lambda one: one["started"]):
        style = "cyan" if turn["speaker"] == "agent" else ""
        said = Text(turn["text"] + (" —" if turn["interrupted"] else ""), style=style)
        rows.add_row(f"{turn['started']:.1f} s", turn["speaker"], said)
    yield rows


def _permission(found: dict[str, Any]) -> Iterable[RenderableType]:
    """The last decision that was made for this call, rule by rule."""
    over = found["attempt"]["ended_at"]
    made = [one for one in found["permissions"] if not over or one["at"] <= over] or found["permissions"]
    if not made:
        return
    yield _title("May we ring?")
    decision = made[-1]
    yield Text.assemble(coloured(decision["verdict"], "bold"), f", {_clock(decision['at'])}")
    rows = _grid()
    for finding in decision["findings"]:
        because = f" [{finding['source']}]" if finding["source"] else ""
        rows.add_row(finding["rule"], Text.assemble(_verdict(finding), finding["reason"], (because, "dim")))
    yield rows


def _verdict(finding: dict[str, Any]) -> Text:
    """Nothing where the rule allows, which is the usual case."""
    return Text() if finding["verdict"] == "allow" else coloured(finding["verdict"]).append(": ")


def _score(found: dict[str, Any]) -> Iterable[RenderableType]:
    report = found["report"] or {}
    if report.get("score") is None:
        return
    yield _title(f"Score {report['score']}")
    rows = _grid()
    for part in report["score_reasons"]:
        turns = ", ".join(str(each["turn"]) for each in part.get("evidence", ()) if each["turn"])
        cited = f" (turn {turns})" if turns else ""
        rows.add_row(part["name"], f"{part['points']:>2}/{part['most']}  {words(part['why'])}{cited}")
    yield rows


def _costs(found: dict[str, Any]) -> Iterable[RenderableType]:
    lines = found["cost_lines"]
    if not lines:
        return
    yield _title(f"Cost {Money(sum(line['amount_micro_usd'] for line in lines))}")
    rows = _grid()
    for line in lines:
        amount = Money(line["amount_micro_usd"])
        plural = "" if line["quantity"] == "1" else "s"
        used = f"{line['quantity']} {line['unit']}{plural}, {line['vendor']}"
        rows.add_row(component(line["component"]), f"{amount}  {used}")
    yield rows


def _grid() -> Table:
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column()
    return rows


def _title(text: str) -> RenderableType:
    return Rule(Text(text, style="bold"), align="left", style="dim", characters="─")


def _clock(at: str) -> str:
    return f"{datetime.fromisoformat(at):%Y-%m-%d %H:%M:%S} UTC"
