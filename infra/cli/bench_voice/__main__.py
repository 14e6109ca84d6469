"""A part of the suite ``voice`` while one works on it: ``python -m infra.cli.bench_voice --part load --calls 10``."""

from pathlib import Path

import click
from rich.console import Console

from infra.cli.bench_voice.suite import PARTS, voice_suite
from infra.cli.phases import Phases
from infra.cli.rows import print_rows, write_rows


@click.command()
@click.option(
    "--part", "parts", type=click.Choice(sorted(PARTS)), multiple=True, help="Only this one; may be repeated."
)
@click.option("--calls", type=click.IntRange(1, 100), multiple=True, help="Only crowds of this size; may be repeated.")
@click.option("--scale", type=click.FloatRange(0.1, 5), default=1.0, help="Makes every run so much longer.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/bench"), show_default=True)
def main(parts: tuple[str, ...], calls: tuple[int, ...], scale: float, out: Path) -> None:
    """Measure some of it; the rows are kept in voice-part.json, apart from those of a whole run."""
    console = Console()
    with Phases(console) as tell:
        rows = voice_suite(tell, parts=parts, crowds=calls, scale=scale)
    print_rows(rows, console, title="voice")
    write_rows(rows, out / "voice-part.json")


if __name__ == "__main__":
    main()
