"""``reauto chaos``: the command and its options."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click
from rich.console import Console

from infra.cli.chaos.interrupt import interrupt_suite
from infra.cli.rows import Row, print_rows, write_rows
from shared.kernel.errors import Refused

Suite = Callable[[int, int], Sequence[Row]]
SUITES: Mapping[str, Suite] = {"interrupt": interrupt_suite}


class ChaosFailed(Refused):
    """A fault did damage."""


@click.command()
@click.option("--suite", type=click.Choice(sorted(SUITES)), help="Only this one; without it, all.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same faults.")
@click.option("--times", type=click.IntRange(1, 1000), default=10, show_default=True, help="Faults per suite.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/chaos"), show_default=True)
def chaos(suite: str | None, seed: int, times: int, out: Path) -> None:
    """Break things at moments chosen by a seed, and see that nothing is lost.

    interrupt: Ctrl-C while the demo starts and runs; everything it started is gone, and the next start works.
    """
    failed: list[str] = []
    for name in [suite] if suite else SUITES:
        rows = SUITES[name](seed, times)
        print_rows(rows, Console(), title=f"{name}, seed {seed}")
        write_rows(rows, out / f"{name}.json")
        failed += [f"{name}: {row.name}" for row in rows if not row.holds]
    if failed:
        raise ChaosFailed(f"{len(failed)} did not hold: {', '.join(failed)}")
