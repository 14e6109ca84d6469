"""The dial suite from end to end: one row per promise; a promise without its row does not hold."""

from collections.abc import Callable, Sequence

from rich.console import Console

from infra.cli.chaos.dial.expected import missing_rows
from infra.cli.chaos.dial.permutations import permutation_rows
from infra.cli.chaos.dial.planted import planted_rows
from infra.cli.chaos.dial.processes.deaths import death_rows
from infra.cli.chaos.dial.races import race_rows
from infra.cli.chaos.dial.replays import replay_rows
from infra.cli.chaos.dial.tally import Tally
from infra.cli.chaos.dial.worlds import in_memory, live_through, on_database, with_lost_callbacks
from infra.cli.chaos.wishes import Wishes
from infra.cli.phases import Phases
from infra.cli.rows import Row
from infra.local.passing import forgetful_postgres, reachable_folder

SHARE_ON_DATABASE = 10
SHARE_WITH_LOSS = 50


def dial_suite(wishes: Wishes, tell: Phases) -> Sequence[Row]:
    """Every row of ``build/chaos/dial.json``."""
    rows: list[Row] = []
    tell("callbacks in every order")
    rows += permutation_rows(wishes.seed)
    tell("decisions taken again")
    rows += replay_rows(wishes.seed)
    rows += _lived(wishes, tell, "memory", wishes.attempts)
    rows += _lossy(wishes, tell)
    rows += planted_rows(wishes.seed, _percent(tell, "planted bugs"))
    with reachable_folder() as folder, forgetful_postgres(folder) as server:
        tell("sixty-four at once")
        rows += race_rows(server.url(), wishes.seed)
        rows += _lived(
            wishes, tell, "PostgreSQL", max(1, wishes.attempts // SHARE_ON_DATABASE), server_url=server.url()
        )
        rows += death_rows(server.url(), wishes.seed, wishes.repeats, _percent(tell, "deaths of real processes"))
    return [*rows, *missing_rows(rows)]


def _lived(wishes: Wishes, tell: Phases, where: str, at_least: int, *, server_url: str = "") -> Sequence[Row]:
    tally = live_through(
        on_database if server_url else in_memory,
        seed=wishes.seed,
        at_least=at_least,
        tell=_percent(tell, f"{where}: {at_least:,} attempts with faults"),
        server_url=server_url,
    )
    _tell_stories(tally)
    return tally.rows(where, at_least=at_least)


def _lossy(wishes: Wishes, tell: Phases) -> Sequence[Row]:
    """Three callbacks of ten are lost and nothing else goes wrong: still every row is right."""
    at_least = max(1, wishes.attempts // SHARE_WITH_LOSS)
    phase = _percent(tell, f"{at_least:,} attempts with 30 % of callbacks lost")
    tally = live_through(with_lost_callbacks, seed=wishes.seed, at_least=at_least, tell=phase)
    _tell_stories(tally)
    wrong = tally.wrong.total()
    name = f"wrong rows after {tally.attempts:,} attempts with 30 % of callbacks lost"
    return [Row(name=name, value=wrong, unit="found", bar=0, holds=wrong == 0)]


def _percent(tell: Phases, what: str) -> Callable[[str], None]:
    return lambda how_far: tell(f"{what}: {how_far}")


def _tell_stories(tally: Tally) -> None:
    console = Console(stderr=True)
    for story in tally.stories:
        console.print(str(story), highlight=False, markup=False)
