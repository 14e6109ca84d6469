"""The suite ``conversation``, whole or in parts."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from infra.cli.bench_conversation.expected import missing_rows
from infra.cli.bench_conversation.parts import PARTS
from infra.cli.bench_conversation.rows import at_most
from infra.cli.bench_db.machine import MachineWatch
from infra.cli.rows import Row
from shared.kernel.errors import ReautoError

MOST_MINUTES = 25.0
FAULTS = Path("build/bench/conversation-faults.txt")


def conversation_suite(
    tell: Callable[[str], None], *, parts: Sequence[str] = (), faults: Path = FAULTS
) -> Sequence[Row]:
    """Measure; twenty minutes on two cores when it is whole. What went wrong is told line by line in ``faults``.

    A part that cannot be measured leaves no rows, which does not hold, and the others are measured all the same.
    """
    machine, chosen, began = MachineWatch(), list(parts) or list(PARTS), time.monotonic()
    faults.parent.mkdir(parents=True, exist_ok=True)
    found: dict[str, Sequence[Row]] = {}
    with faults.open("w", encoding="utf-8") as file:

        def note(line: str) -> None:
            file.write(f"{line}\n")
            file.flush()

        for part in chosen:
            started = time.monotonic()
            try:
                found[part] = PARTS[part](tell, note)
            except (ReautoError, ImportError) as fault:
                found[part] = ()
                note(f"{part}: was not measured: {fault}")
            note(f"{part}: took {time.monotonic() - started:.0f} s")
    rows = [row for part in found.values() for row in part]
    if not parts:
        rows.append(at_most("the whole suite", (time.monotonic() - began) / 60, "minutes", MOST_MINUTES))
    return [*rows, *machine.rows(), *missing_rows(found)]
