"""What an evaluation looks like on the screen, beside its rows."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from infra.cli.evaluate.answer_rows import DECIDED, KINDS, TOLD, Matrix
from infra.cli.looks import BAD, GOOD, words
from infra.cli.rows import Row
from voice_node.speech.scoring import Reading

SYNTHETIC = "Voices, noise, pauses and answerers are made by machine: figures to compare with, no evidence for people."


def without_matrices(rows: Sequence[Row]) -> list[Row]:
    """The rows but for those that the matrices show."""
    return [row for row in rows if not row.name.endswith(TOLD)]


def print_matrices(matrices: Sequence[Matrix], console: Console) -> None:
    """Who answered, from left to right whom they were taken for; recordings."""
    for matrix in matrices:
        table = Table(title=f"who answered: {matrix.title}", title_justify="left", box=None, pad_edge=False)
        for heading in ("answered by", *DECIDED):
            table.add_column(words(heading), justify="left" if heading == "answered by" else "right")
        for kind in KINDS:
            counts = (matrix.counts.get((kind, decided), 0) for decided in DECIDED)
            cells = (_cell(count, is_right=kind == decided) for decided, count in zip(DECIDED, counts, strict=True))
            table.add_row(words(kind), *cells)
        console.print(table)


def print_misheard(engine: str, misheard: Sequence[Reading], console: Console) -> None:
    """The sentences that were misheard over a clean line, each once with what came of it."""
    console.print(f"{engine} misheard:")
    for line in dict.fromkeys(f"  {reading.said} => {reading.heard}" for reading in misheard):
        console.print(line, markup=False, highlight=False)


def _cell(count: int, *, is_right: bool) -> str:
    if not count:
        return "·"
    return f"[{GOOD if is_right else BAD}]{count}[/]"
