"""The suite ``db``, whole: import times, callbacks, dialling, and the books at millions of rows."""

from collections.abc import Callable, Sequence

from infra.cli.bench_db.callbacks import callback_rows
from infra.cli.bench_db.dialing import dialing_rows
from infra.cli.bench_db.machine import NAMES as MACHINE
from infra.cli.bench_db.machine import MachineWatch
from infra.cli.bench_db.queries import NAMES as QUERIES
from infra.cli.bench_db.queries import query_rows
from infra.cli.bench_db.seed import Size
from infra.cli.bench_db.servers import servers
from infra.cli.bench_imports import import_rows
from infra.cli.rows import Row
from shared.kernel.errors import NotFound

NAMES = (
    QUERIES
    | MACHINE
    | {
        "import answer_call, least",
        "import answer_call, median",
        "import recover_call, least",
        "import recover_call, median",
        "import receive_status, least",
        "import receive_status, median",
        "callbacks accepted",
        "callback accepted, p50",
        "callback accepted, p99",
        "callbacks folded after the last",
        "callbacks, processor time of doors",
        "callbacks, processor time of queues",
        "callbacks, processor time of PostgreSQL",
        "callbacks, processor time of load generator",
        "dispatch to dial request",
        "first dial request after the order",
        "processor for a dial, control",
        "processor for a dial, PostgreSQL",
        "processor for a dial, carrier",
    }
)
"""Every row that the suite leaves."""


class RowMissing(NotFound):
    """The suite did not leave a row that it promises, or left one that nobody knows."""


def db_suite(tell: Callable[[str], None], *, size: Size | None = None) -> Sequence[Row]:
    """Measure everything, on servers of the suite's own; about ten minutes at full size.

    Raises:
        RowMissing: A row is missing.
        Unavailable: A part could not be started.
    """
    machine = MachineWatch()
    tell("importing the doors")
    rows = [*import_rows(), *callback_rows(tell), *dialing_rows(tell)]
    with servers(tell=tell) as running:
        rows += query_rows(running.database_url, size=size or Size(), tell=tell)
    return complete([*rows, *machine.rows()])


def complete(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows, if they are those that the suite promises.

    Raises:
        RowMissing: They are not.
    """
    astray = NAMES ^ {row.name for row in rows}
    if astray:
        raise RowMissing(f"missing or unknown: {', '.join(sorted(astray))}")
    return rows
