"""Rows about loudness: every voice as the line carries it."""

from collections.abc import Callable, Mapping, Sequence

from infra.cli.bench_voice.figures import row
from infra.cli.rows import Row
from voice_node.speech.evaluation.loudness import Loudness, loudness
from voice_node.speech.evaluation.speaking import Speaker

MOST_APART_DB = 3.0
"""The softest and the loudest voice are not further apart: less than most people notice from call to call."""
HIGHEST_PEAK_DBFS, HIGHEST_OFFSET_DBFS, HIGHEST_CLICK_DBFS = -0.5, -46.0, -46.0
APART = "levels: loudest voice above the softest"
WORST = ("peak", "clipped samples", "constant offset", "click where pieces meet")


def level_name(engine: str, figure: str) -> str:
    """The name of an engine's row."""
    return f"levels, {engine}: {figure}"


async def level_rows(speakers: Mapping[str, Sequence[Speaker]], *, tell: Callable[[str], None]) -> list[Row]:
    """Each voice's level and the worst of each engine.

    Raises:
        Unavailable: An engine failed.
    """
    found: dict[str, list[Loudness]] = {}
    for engine, voices in speakers.items():
        tell(f"{engine} in {len(voices)} voices")
        found[engine] = [await loudness(speaker) for speaker in voices]
    return rows_of(found)


def rows_of(found: Mapping[str, Sequence[Loudness]]) -> list[Row]:
    """The figures, the loudest voice beside the softest first."""
    levels = [each.level for voices in found.values() for each in voices]
    rows = [row(APART, max(levels) - min(levels), "dB", bar=MOST_APART_DB)]
    for engine, voices in found.items():
        peak, clipped, offset, click = WORST
        rows += [
            row(level_name(engine, peak), max(each.peak for each in voices), "dBFS", bar=HIGHEST_PEAK_DBFS),
            row(level_name(engine, clipped), sum(each.clipped for each in voices), "samples", bar=0),
            row(level_name(engine, offset), max(each.offset for each in voices), "dBFS", bar=HIGHEST_OFFSET_DBFS),
            row(level_name(engine, click), max(each.click for each in voices), "dBFS", bar=HIGHEST_CLICK_DBFS),
        ]
        rows += [row(f"levels, {each.speaker}: speech", each.level, "dBFS") for each in voices]
    return rows
