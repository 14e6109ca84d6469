"""``reauto models``: fetch the models of speech engines, and see which are here."""

import json
from pathlib import Path

import click
import httpx
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table

from infra.cli.looks import BAD, GOOD, width_of
from infra.models.manifest import MANIFEST, Model, load_manifest
from infra.models.pull import TIMEOUT, pull
from infra.models.shelf import ModelShelf, Presence
from shared.settings import read
from shared.voice_settings import ModelSettings

MEGABYTE = 1_000_000
LOOKS = {Presence.HERE: f"[{GOOD}]here[/]", Presence.MISSING: "missing", Presence.DAMAGED: f"[{BAD}]damaged[/]"}

_manifest = click.option(
    "--manifest", type=click.Path(path_type=Path), default=MANIFEST, help="A list of models of your own.",
    show_default=False,
)  # fmt: skip


@click.group(short_help="Fetch models of speech engines, checked by hash.")
def models() -> None:
    """Models that speech engines need. They are fetched here, once, and never at call time."""


@models.command("list")
@click.option("--verify", is_flag=True, help="Compute every hash instead of comparing sizes.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@_manifest
def list_models(*, verify: bool, as_json: bool, manifest: Path) -> None:
    """Which models there are, and which of them are here."""
    shelf = ModelShelf(read(ModelSettings).models_folder)
    found = {model: shelf.presence(model, thoroughly=verify) for model in load_manifest(manifest).models}
    if as_json:
        rows = [{**model.model_dump(mode="json"), "presence": how} for model, how in found.items()]
        click.echo(json.dumps({"folder": str(shelf.folder), "models": rows}, indent=2))
        return
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, width=width_of(console))
    for heading in ("model", "MB", "", "for", "licence"):
        table.add_column(
            heading, no_wrap=heading in ("model", "MB", ""), justify="right" if heading == "MB" else "left"
        )
    for model, how in found.items():
        table.add_row(model.name, f"{model.size / MEGABYTE:.0f}", LOOKS[how], model.what, model.licence)
    console.print(table)
    console.print(f"They lie in {shelf.folder}. Fetch one with: reauto models pull NAME", markup=False)


@models.command("pull")
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@_manifest
def pull_models(*, names: tuple[str, ...], as_json: bool, manifest: Path) -> None:
    """Fetch models by name; without names, the recommended ones.

    A download that broke off goes on where it stopped. Every file is checked by its hash before it counts.
    """
    chosen = load_manifest(manifest).chosen(names)
    shelf = ModelShelf(read(ModelSettings).models_folder)
    console = Console(stderr=as_json, highlight=False)
    places = [_pull_one(model, shelf, console) for model in chosen]
    if as_json:
        rows = [{"name": model.name, "folder": str(place)} for model, place in zip(chosen, places, strict=True)]
        click.echo(json.dumps({"models": rows}, indent=2))


def _pull_one(model: Model, shelf: ModelShelf, console: Console) -> Path:
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(bar_width=30), DownloadColumn(), TransferSpeedColumn(),
        TimeRemainingColumn(), console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
    with bar as progress, httpx.Client(follow_redirects=True, timeout=TIMEOUT) as client:
        task = progress.add_task(model.name, total=model.size)
        place = pull(model, shelf, client=client, written=lambda more: progress.advance(task, more))
    console.print(f"{model.name} is in {place}", markup=False, soft_wrap=True)
    return place
