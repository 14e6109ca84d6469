"""Each planted bug, lived with until it is noticed: one row per bug."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from infra.cli.chaos.dial.bugs import BUGS
from infra.cli.chaos.dial.worlds import PROCESSES, Tell, prepare, with_bug
from infra.cli.rows import Row

PEOPLE = 200
MOST_WORLDS = 12
"""So many worlds a bug may live through before it counts as unnoticed."""


def planted_rows(seed: int, tell: Tell, *, names: Sequence[str] = tuple(BUGS)) -> Sequence[Row]:
    """How many attempts it took to notice each bug."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"), initializer=prepare) as pool:
        rows = []
        for row in pool.map(partial(notice, seed), names):
            rows.append(row)
            tell(f"{len(rows)} of {len(names)}")
    return rows


def notice(seed: int, name: str, *, people: int = PEOPLE) -> Row:
    """Live through worlds with the bug until one of its consequences is found."""
    bug, attempts = BUGS[name], 0
    for number in range(1, MOST_WORLDS + 1):
        outcome = with_bug(f"{seed}-{number}", bug=name, people=people)
        attempts += outcome.attempts
        if any(finding.wrong in bug.leads_to for finding in outcome.findings):
            return Row(name=f"planted bug noticed: {name}", value=attempts, unit="attempts", holds=True)
    return Row(name=f"planted bug noticed: {name}", value=attempts, unit="attempts", holds=False)
