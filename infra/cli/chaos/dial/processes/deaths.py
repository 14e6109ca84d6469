"""Every step, on several processes at once: each with a ground of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from infra.cli.chaos.dial.processes.grounds import a_ground
from infra.cli.chaos.dial.processes.steps import STEPS, Step
from infra.cli.chaos.dial.worlds import PROCESSES, prepare
from infra.cli.rows import Row

AT_ONCE = 2 * PROCESSES
"""Lives wait more than they work."""


def death_rows(server_url: str, seed: int, repeats: int, tell: Callable[[str], None]) -> Sequence[Row]:
    """One row for each step, in their order."""
    shares: list[Sequence[Step]] = [STEPS[number::AT_ONCE] for number in range(AT_ONCE)]
    rows: list[Row] = []
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn"), initializer=prepare) as pool:
        tried = [pool.submit(rows_of_deaths, server_url, seed, repeats, share) for share in shares]
        for done in as_completed(tried):
            rows += done.result()
            tell(f"{len(rows)} of {len(STEPS)} steps")
    return sorted(rows, key=lambda row: row.name)


def rows_of_deaths(server_url: str, seed: int, repeats: int, steps: Sequence[Step]) -> Sequence[Row]:
    """One row for each step."""
    with a_ground(server_url, seed) as ground:
        return [ground.dies_at(step, repeats) for step in steps]
