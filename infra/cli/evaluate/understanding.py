"""``reauto evaluate understanding``: how well real people's words about homes are understood without a model."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from infra.cli.bench import TooFar
from infra.cli.rows import Row, print_rows
from shared.evaluation_settings import EvaluationSettings
from shared.kernel.errors import NotFound
from shared.settings import read

DIALOGUES = Path("data") / "sgd_homes" / "homes1_dev.jsonl"
"""Where the labelled dialogues lie in the reference folder."""


@click.command(short_help="Real people's words about homes, without a model.")
@click.option("--file", "path", type=click.Path(path_type=Path), help="Labelled turns, one JSON object a line.")
@click.option("--errors", "shows_misread", is_flag=True, help="Also print the turns that were misread.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
def understanding(*, path: Path | None, shows_misread: bool, as_json: bool) -> None:
    """How well the words of real people are understood, without a model, beside what the system said before.

    Slots: number_of_beds, number_of_baths, visit_date, area; others are passed over. Without --file it is
    data/sgd_homes/homes1_dev.jsonl in the folder that REAUTO_REFERENCE names. The form is that of its README.
    """
    from infra.cli.evaluate.dialogue_score import read_dialogues  # the conversation takes a while to load

    found = read_dialogues(path or dialogues())
    console = Console(stderr=as_json)
    print_rows(found.rows, console, title="understanding")
    if shows_misread:
        for each in found.misread:
            line = f"{each.what}: wanted {each.wanted}, read {each.read}: {each.system or ''} | {each.words}"
            console.print(line, markup=False, highlight=False)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in found.rows], indent=2))
    if failed := [row.name for row in found.rows if not row.holds]:
        raise TooFar(f"{len(failed)} did not hold: {', '.join(failed)}")


def dialogues() -> Path:
    """The file of the reference folder.

    Raises:
        NotFound: No reference folder is named.
    """
    folder = read(EvaluationSettings).reference
    if folder is None:
        raise NotFound("no labelled dialogues: name a file with --file, or the reference folder with REAUTO_REFERENCE")
    return folder / DIALOGUES


def understanding_rows(tell: Callable[[str], None], path: Path | None = None) -> list[Row]:
    """The figures of a file of labelled turns, or of the reference folder's, each held against its bar.

    Raises:
        NotFound: There is no such file.
        Malformed: A line is not of the form; the message names the line and the key.
    """
    from infra.cli.evaluate.dialogue_score import read_dialogues

    file = path or dialogues()
    tell(f"what real people say about homes: {file.name}")
    return list(read_dialogues(file).rows)
