"""The suite ``speech``: words, turns, who answered, levels; for the engines that are chosen."""

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from infra.cli.bench_db.machine import MachineWatch
from infra.cli.bench_voice.figures import NEVER
from infra.cli.evaluate.answer_rows import Matrix, answer_rows, answered, scene_of
from infra.cli.evaluate.effort import WHOLE, Effort
from infra.cli.evaluate.engines import Chosen, EngineSettings, Running, running
from infra.cli.evaluate.expected import missing_rows
from infra.cli.evaluate.level_rows import level_rows
from infra.cli.evaluate.turn_rows import turn_rows
from infra.cli.evaluate.word_rows import word_rows
from infra.cli.rows import Row
from shared.settings import read
from shared.speech_settings import SpeechSettings
from shared.voice_settings import PremiumSettings, VoiceSettings
from voice_node.speech.evaluation.speaking import callers_among
from voice_node.speech.scoring import Reading


@dataclass(frozen=True, kw_only=True)
class Evaluated:
    """What came of it: the rows, who was taken for whom, and what each recogniser misheard over a clean line."""

    rows: Sequence[Row]
    matrices: Sequence[Matrix] = ()
    misheard: dict[str, list[Reading]] = field(default_factory=dict)


def evaluate_speech(tell: Callable[[str], None], *, chosen: Chosen | None = None, effort: Effort = WHOLE) -> Evaluated:
    """Measure the chosen engines, or the embedded ones; six minutes on two cores when it is whole.

    Raises:
        NotConfigured: The settings lack what an engine needs.
        Unavailable: An engine does not start, or failed.
    """
    settings = EngineSettings(hearing=read(SpeechSettings), local=read(VoiceSettings), premium=read(PremiumSettings))
    machine, chosen = MachineWatch(), chosen or Chosen()
    with tempfile.TemporaryDirectory(prefix="reauto-speech-") as cache:
        found = asyncio.run(_measured(tell, chosen, settings, effort, cache=Path(cache)))
    rows = [*(found.rows if effort.meets_bars else _without_bars(found.rows)), *machine.rows()]
    return Evaluated(rows=[*rows, *missing_rows(rows, chosen)], matrices=found.matrices, misheard=found.misheard)


def _without_bars(rows: Sequence[Row]) -> list[Row]:
    """The figures of too small a sample: that they were measured is all that can hold."""
    return [replace(row, bar=None, holds=row.value < NEVER) for row in rows]


async def _measured(
    tell: Callable[[str], None], chosen: Chosen, settings: EngineSettings, effort: Effort, *, cache: Path
) -> Evaluated:
    tell(f"starting {', '.join((*chosen.ears, *chosen.voices))}")
    async with running(chosen, settings, cache=cache) as engines:
        rows, matrices, misheard = await _of_ears(tell, engines, effort)
        rows += await turn_rows(engines.ears, callers_among(engines.everybody), effort, tell=tell)
        rows += await level_rows(engines.speakers, tell=tell)
    return Evaluated(rows=rows, matrices=matrices, misheard=misheard)


async def _of_ears(
    tell: Callable[[str], None], engines: Running, effort: Effort
) -> tuple[list[Row], list[Matrix], dict[str, list[Reading]]]:
    """What depends on a recogniser: words, and who answered."""
    rows: list[Row] = []
    matrices: list[Matrix] = []
    misheard: dict[str, list[Reading]] = {}
    callers, scene = callers_among(engines.everybody), await scene_of(engines.everybody[0])
    for name, engine in engines.ears.items():
        words, misheard[name] = await word_rows(name, engine, callers, effort, tell=tell)
        heard = await answered(engine, callers, effort, tell=tell)
        answers, tables = answer_rows(name, heard, scene)
        rows += [*words, *answers]
        matrices += tables
    return rows, matrices, misheard
