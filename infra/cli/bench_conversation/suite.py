"""The suite ``conversation``, whole or in parts."""

from collections.abc import Callable, Sequence
from pathlib import Path

from infra.cli.bench_conversation.expected import missing_rows
from infra.cli.bench_conversation.parts import PARTS
from infra.cli.bench_db.machine import MachineWatch
from infra.cli.rows import Row
from shared.kernel.errors import ReautoError

FAULTS = Path("build/bench/conversation-faults.txt")


def conversation_suite(
    tell: Callable[[str], None], *, parts: Sequence[str] = (), faults: Path = FAULTS
) -> Sequence[Row]:
    """Measure; twenty minutes on two cores when it is whole. What went wrong is told line by line in ``faults``.

    A part that cannot be measured leaves no rows, which does not hold, and the others are measured all the same.
    """
    machine, chosen = MachineWatch(), list(parts) or list(PARTS)
    faults.parent.mkdir(parents=True, exist_ok=True)
    found: dict[str, Sequence[Row]] = {}
    with faults.open("w", encoding="utf-8") as file:

        def note(line: str) -> None:
            file.write(f"{line}\n")
            file.flush()

        for part in chosen:
            try:
                found[part] = PARTS[part](tell, note)
            except (ReautoError, ImportError) as fault:
                found[part] = ()
                note(f"{part}: was not measured: {fault}")
    return [*(row for rows in found.values() for row in rows), *machine.rows(), *missing_rows(found)]
