"""``reauto evaluate optout``: who wants no more calls, who asks for a robot, and who does neither."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from infra.cli.bench import TooFar
from infra.cli.rows import Row, print_rows

SETS = Path(__file__).resolve().parents[2] / "evaluation" / "opt_out"
HALVES = ("dev.jsonl", "held_out.jsonl")


@click.command(short_help="Opt-outs and robot questions, in many wordings.")
@click.option(
    "--file", "paths", type=click.Path(path_type=Path), multiple=True, help="Wordings, one JSON object a line; several."
)
@click.option("--errors", "shows_errors", is_flag=True, help="Also print what was missed, and what was taken for it.")
@click.option("--acts", "shows_acts", is_flag=True, help="Also print what else is heard in ordinary answers.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
def optout(*, paths: tuple[Path, ...], shows_errors: bool, shows_acts: bool, as_json: bool) -> None:
    """How surely wishes not to be called and robot questions are heard, and how often other words are taken for them.

    Without --file both halves of infra/evaluation/opt_out, whose README names the form. A bare refusal is in no class.
    """
    from infra.cli.evaluate.wording_score import judge_wordings  # the conversation takes a while to load

    found = judge_wordings(paths or whole_set())
    console = Console(stderr=as_json)
    print_rows(found.rows, console, title="optout")
    if shows_errors:
        for each in found.misheard:
            console.print(f"{each.what}: {each.text}", markup=False, highlight=False)
    if shows_acts:
        for act, texts in found.acts.items():
            console.print(f"{act}: {len(texts)}, such as: {' | '.join(texts[:3])}", markup=False, highlight=False)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in found.rows], indent=2))
    if failed := [row.name for row in found.rows if not row.holds]:
        raise TooFar(f"{len(failed)} did not hold: {', '.join(failed)}")


def whole_set() -> tuple[Path, ...]:
    """Both halves of the set that comes with the project."""
    return tuple(SETS / half for half in HALVES)


def optout_rows(tell: Callable[[str], None], paths: Sequence[Path] = ()) -> list[Row]:
    """The figures of files of wordings, or of the project's own, each held against its bar.

    Raises:
        NotFound: There is no such file.
        Malformed: A line is not of the form; the message names the line and the key.
    """
    from infra.cli.evaluate.wording_score import judge_wordings

    tell("who wants no more calls, who asks for a robot")
    return list(judge_wordings(paths or whole_set()).rows)
