"""The rows that a run has to leave: what is not measured does not hold either."""

from collections.abc import Iterator, Sequence

from infra.cli.evaluate.answer_rows import KINDS, RIGHT, SILENT, WRONG, people_name, told_name
from infra.cli.evaluate.engines import Chosen
from infra.cli.evaluate.level_rows import APART, WORST, level_name
from infra.cli.evaluate.turn_rows import CUT_OFF, FIRST_WAIT, LONG_WAIT, PRECISION, RECALL, RIGHT_WORDS, turns_name
from infra.cli.evaluate.word_rows import wer_name
from infra.cli.rows import Row
from voice_node.speech.evaluation.line import LINES


def missing_rows(rows: Sequence[Row], chosen: Chosen) -> list[Row]:
    """One row that does not hold for each that is expected of these engines and not there."""
    names = {row.name for row in rows}
    return [
        Row(name=f"missing: {name}", value=0, unit="rows", bar=1, holds=False)
        for name in expected(chosen)
        if name not in names
    ]


def expected(chosen: Chosen) -> Iterator[str]:
    """The names of the rows."""
    for ear in chosen.ears:
        yield from (wer_name(ear, kind, line.name) for line in LINES for kind in ("known", "new"))
        yield f"{ear}: work per second of sound"
        yield from (f"{ear}: end of speech to final text, {share}" for share in ("p50", "p95"))
        for carrier in (SILENT, RIGHT, WRONG):
            yield people_name(ear, carrier)
            yield from (told_name(ear, kind, carrier) for kind in KINDS)
    for words in (RIGHT_WORDS, *(f"words of {ear}" for ear in chosen.ears)):
        yield from (turns_name(words, figure) for figure in (CUT_OFF, FIRST_WAIT, LONG_WAIT, PRECISION, RECALL))
    yield APART
    for voice in chosen.voices:
        yield from (level_name(voice, figure) for figure in WORST)
