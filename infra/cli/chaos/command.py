"""``reauto chaos``: the command and its options."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click
from rich.console import Console

from infra.cli.chaos.interrupt import interrupt_suite
from infra.cli.chaos.wishes import Wishes
from infra.cli.phases import Phases
from infra.cli.rows import Row, print_rows, write_rows
from shared.kernel.errors import Refused

Suite = Callable[[Wishes, Phases], Sequence[Row]]


class ChaosFailed(Refused):
    """A fault did damage."""


def _dial(wishes: Wishes, tell: Phases) -> Sequence[Row]:
    from infra.cli.chaos.dial.suite import dial_suite  # every function of the control plane takes a while to load

    return dial_suite(wishes, tell)


def _interrupt(wishes: Wishes, tell: Phases) -> Sequence[Row]:
    tell(f"interrupting the demo {wishes.times} times")
    return interrupt_suite(wishes.seed, wishes.times)


SUITES: Mapping[str, Suite] = {"dial": _dial, "interrupt": _interrupt}


@click.command()
@click.option("--suite", type=click.Choice(sorted(SUITES)), help="Only this one; without it, all.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same faults.")
@click.option("--times", type=click.IntRange(1, 1000), default=10, show_default=True, help="interrupt: how often.")
@click.option(
    "--attempts",
    type=click.IntRange(100, 10_000_000),
    default=100_000,
    show_default=True,
    help="dial: attempts in memory; a tenth of them on PostgreSQL.",
)
@click.option(
    "--repeats",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="dial: deaths of real processes at each step.",
)
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/chaos"), show_default=True)
def chaos(suite: str | None, seed: int, times: int, attempts: int, repeats: int, out: Path) -> None:
    """Break things at moments chosen by a seed, and see that nothing is lost.

    dial: the whole control plane in virtual time against a carrier that fails in every way, with processes that die
    before and after every step and callbacks that are lost, doubled, late and shuffled; over the memory twins and over
    PostgreSQL. Nobody is rung twice, without permission or without money, and everything comes to its end. The same
    with real processes that die at every numbered step, with sixty-four at once, and with planted bugs, each of which
    must be noticed. Rows go to build/chaos/dial.json; whatever fails is told with its seed and its story.

    interrupt: Ctrl-C while the demo starts and runs; everything it started is gone, and the next start works.
    """
    wishes = Wishes(seed=seed, times=times, attempts=attempts, repeats=repeats)
    failed: list[str] = []
    for name in [suite] if suite else SUITES:
        with Phases(Console()) as tell:
            rows = SUITES[name](wishes, tell)
        print_rows(rows, Console(), title=f"{name}, seed {seed}")
        write_rows(rows, out / f"{name}.json")
        failed += [f"{name}: {row.name}" for row in rows if not row.holds]
    if failed:
        raise ChaosFailed(f"{len(failed)} did not hold: {', '.join(failed)}")
