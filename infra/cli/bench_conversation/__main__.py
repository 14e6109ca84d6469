"""A part of the suite, with what went wrong in it: ``python -m infra.cli.bench_conversation --part guards``."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from infra.cli.bench_conversation.parts import PARTS
from infra.cli.bench_conversation.suite import conversation_suite
from infra.cli.phases import Phases
from infra.cli.rows import print_rows, write_rows
from voice_node.background import adopt_pipecat_logs

OUT = Path("build/bench")


@click.command()
@click.option("--part", "parts", type=click.Choice(list(PARTS)), multiple=True, help="May be repeated; all without.")
def main(parts: Sequence[str]) -> None:
    """Measure a part, print its rows, and keep them beside those of the whole suite."""
    adopt_pipecat_logs()
    console, faults = Console(), OUT / "conversation-part-faults.txt"
    with Phases(console) as tell:
        rows = conversation_suite(tell, parts=parts, faults=faults)
    print_rows(rows, console, title="conversation")
    write_rows(rows, OUT / "conversation-part.json")
    for line in faults.read_text(encoding="utf-8").splitlines():
        console.print(line, markup=False, highlight=False)


if __name__ == "__main__":
    main()
