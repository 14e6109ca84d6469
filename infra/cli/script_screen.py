"""What ``reauto script`` shows."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.cli.looks import BAD, GOOD, counted, moment
from shared.conversation.script_check import Problem, faults


def draw_scripts(console: Console, found: Sequence[dict[str, Any]]) -> None:
    """One line for each script."""
    table = Table(box=None, pad_edge=False)
    for heading in ("script", "version", "published", "whose", ""):
        table.add_column(heading, no_wrap=heading != "whose")
    for each in found:
        table.add_row(
            each["name"],
            str(each["newest"] or "-"),
            _since(each["published_at"]) if each["newest"] else "not yet",
            each["seller_id"] or "everybody's",
            "draft" if each["has_draft"] else "",
        )
    console.print(table)


def draw_history(console: Console, versions: Sequence[dict[str, Any]]) -> None:
    """One line for each version, newest last."""
    table = Table(box=None, pad_edge=False)
    for heading in ("version", "published", "by", "note"):
        table.add_column(heading)
    for each in versions:
        table.add_row(str(each["number"]), _since(each["published_at"]), Text(each["published_by"]), Text(each["note"]))
    console.print(table)


def draw_diff(console: Console, found: dict[str, Any]) -> None:
    """What is gone in red, what is new in green."""
    if not found["diff"]:
        console.print(f"Version {found['older']} and {found['newer']} say the same.")
    for line in found["diff"].splitlines():
        look = GOOD if line.startswith("+") else BAD if line.startswith("-") else ""
        console.print(Text(line, style=look), soft_wrap=True)


def draw_draft(console: Console, draft: dict[str, Any]) -> None:
    """A draft's revision, and its problems."""
    for each in draft["check"]["problems"]:
        advice = "advice: " if each["is_advice"] else ""
        console.print(Text(f"line {each['line']}: {each['key']}: {advice}{each['says']}"), soft_wrap=True)
    ready = "can be published" if draft["check"]["may_be_published"] else "cannot be published yet"
    console.print(f"Draft of {draft['name']}, revision {draft['revision']}: it {ready}.", markup=False)


def draw_check(files: Sequence[str], found: Sequence[Problem]) -> None:
    """One line for each problem, and what it comes to."""
    for problem in found:
        click.echo(f"{problem} (advice)" if problem.is_advice else str(problem))
    wrong = len(faults(tuple(found)))
    said = f"{counted(wrong, 'problem')} in" if wrong else "no problem in"
    click.echo(f"{said} {counted(len(files), 'file')}")


def _since(published_at: str | None) -> str:
    return moment(datetime.fromisoformat(published_at)) if published_at else "with the project"


def draw_problems(found: Sequence[Problem]) -> None:
    """The problems as JSON."""
    click.echo(json.dumps([asdict(problem) for problem in found], indent=2, ensure_ascii=False))
