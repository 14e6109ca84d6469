"""The suite ``voice``, whole or in parts."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from infra.cli.bench_db.machine import MachineWatch
from infra.cli.bench_voice.bench import Bench
from infra.cli.bench_voice.corpus import record
from infra.cli.bench_voice.expected import EXPECTED, missing_rows
from infra.cli.bench_voice.figures import row
from infra.cli.bench_voice.kill import kill_rows
from infra.cli.bench_voice.load import admission, load_rows
from infra.cli.bench_voice.manners import greeting_rows, instant_rows, interruption_rows, murmur_rows, prepared_rows
from infra.cli.bench_voice.meters import quantile
from infra.cli.bench_voice.premium import premium_rows
from infra.cli.rows import Row
from shared.settings import WorkerSettings, read
from voice_node.admission_number import AdmissionNumber

PARTS: Mapping[str, Callable[[Bench], list[Row]]] = {
    "load": load_rows,
    "greeting": greeting_rows,
    "prepared": prepared_rows,
    "instant": instant_rows,
    "interruptions": interruption_rows,
    "murmurs": murmur_rows,
    "kill": kill_rows,
    "premium": premium_rows,
}
MOST_LATE_MS = 20.0
"""A caller whose frames leave later than this is no measure of anything: the next was already due."""


def voice_suite(
    tell: Callable[[str], None],
    *,
    parts: Sequence[str] = (),
    crowds: Sequence[int] = (),
    scale: float = 1.0,
) -> Sequence[Row]:
    """Measure, on systems of the suite's own; half an hour when it is whole.

    ``parts`` and ``crowds`` choose some of it, ``scale`` shortens every run. A whole run of the part ``load`` leaves
    the number of calls that a worker may hold in the file where the node looks for it.

    Raises:
        Unavailable: A system or its callers did not start or finish.
    """
    chosen = list(parts) or list(EXPECTED)
    folder = Path(tempfile.mkdtemp(prefix="reauto-voice-"))
    machine = MachineWatch()
    try:
        tell("recording the callers")
        record(folder / "corpus.json")
        bench = Bench(folder=folder, corpus=folder / "corpus.json", tell=tell, scale=scale)
        if crowds:
            bench.crowds = crowds
        rows = [found for part in chosen if part in PARTS for found in PARTS[part](bench)]
        if "load" in chosen and not crowds and scale == 1:
            places = admission(rows)
            rows.append(Row(name="calls a worker may hold", value=places, unit="calls", holds=places > 0))
            if places:
                AdmissionNumber(calls_per_worker=places).write(read(WorkerSettings).admission)
        return [*rows, *_callers(bench), *machine.rows(), *missing_rows(rows, chosen)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _callers(bench: Bench) -> list[Row]:
    """Whether the callers kept their own time, and what they used of the machine."""
    late = [each for measured in bench.everything for track in measured.tracks for each in track.late_ms]
    minutes = sum(measured.call_minutes for measured in bench.everything)
    used = sum(measured.callers_processor for measured in bench.everything)
    return [
        row("callers: frame leaves late, p99", quantile(late, 0.99), "ms", bar=MOST_LATE_MS),
        row("callers: frame leaves late, p50", quantile(late, 0.5), "ms"),
        row("callers: processor time for a call minute", used / minutes if minutes else 0.0, "s"),
    ]
