"""The rows that a whole run has to leave: what was not asked does not hold either."""

from collections.abc import Sequence

from infra.cli.chaos.dial.bugs import BUGS
from infra.cli.chaos.dial.findings import Wrong
from infra.cli.chaos.dial.processes.steps import STEPS
from infra.cli.rows import Row

PLACES = ("memory", "PostgreSQL")
LIVED = ("attempts with faults", "steps at which a process died", "steps at which none died", "resolved after")
EXPECTED: Sequence[str] = (
    "memory: final rows of",
    "decisions of",
    "decisions with a law",
    *(f"{where}: {what}" for where in PLACES for what in (*LIVED, *(wrong.value for wrong in Wrong))),
    "wrong rows after",
    *(f"planted bug noticed: {bug}" for bug in BUGS),
    "planted bug noticed: sum, then reserve (PostgreSQL)",
    "planted bug noticed: no unique index of live attempts (PostgreSQL)",
    "64 reservers at once",
    "64 dispatchers at once",
    *(f"real processes die at {step}" for step in STEPS),
)
"""How the name of each begins; some go on with what was counted or found."""


def missing_rows(rows: Sequence[Row], expected: Sequence[str] = EXPECTED) -> Sequence[Row]:
    """One row that does not hold for each that is expected and not there."""
    names = [row.name for row in rows]
    return [
        Row(name=f"missing: {begins}", value=0, unit="rows", bar=1, holds=False)
        for begins in expected
        if not any(name.startswith(begins) for name in names)
    ]
