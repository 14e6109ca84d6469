"""The suite ``conversation``, whole or in parts."""

from collections.abc import Callable, Sequence
from pathlib import Path

from infra.cli.bench_conversation.expected import missing_rows
from infra.cli.bench_conversation.parts import PARTS, measured
from infra.cli.bench_db.machine import MachineWatch
from infra.cli.rows import Row

FAULTS = Path("build/bench/conversation-faults.txt")


def conversation_suite(
    tell: Callable[[str], None], *, parts: Sequence[str] = (), faults: Path = FAULTS
) -> Sequence[Row]:
    """Measure; twenty minutes on two cores when it is whole. What went wrong is told line by line in ``faults``.

    Raises:
        Unavailable: A system that is measured did not start.
    """
    machine, chosen = MachineWatch(), list(parts) or list(PARTS)
    faults.parent.mkdir(parents=True, exist_ok=True)
    found: dict[str, Sequence[Row]] = {}
    with faults.open("w", encoding="utf-8") as file:

        def note(line: str) -> None:
            file.write(f"{line}\n")
            file.flush()

        for part in chosen:
            found[part] = measured(part, tell, note)
    return [*(row for rows in found.values() for row in rows), *machine.rows(), *missing_rows(found)]
