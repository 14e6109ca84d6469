"""Rows about words: errors over every line, and how fast the final text is there."""

from collections.abc import Callable, Sequence

from infra.cli.bench_voice.figures import row
from infra.cli.bench_voice.meters import quantile
from infra.cli.evaluate.effort import Effort
from infra.cli.rows import Row
from voice_node.speech.evaluation.line import CLEAN, LINES
from voice_node.speech.evaluation.speaking import Speaker
from voice_node.speech.evaluation.words import Speed, evaluation_lines, readings, sentences, speed
from voice_node.speech.recognition.port import RecognitionEngine
from voice_node.speech.scoring import Reading, word_error_rate

MOST_KNOWN_ERRORS = 5.0
SLOWEST_FACTOR = 1.0


def wer_name(ear: str, kind: str, line: str) -> str:
    """The name of a word error rate's row; ``kind`` is ``known`` or ``new``."""
    return f"{ear}: word error rate, {kind} lines, {line}"


async def word_rows(
    name: str, engine: RecognitionEngine, callers: Sequence[Speaker], effort: Effort, *, tell: Callable[[str], None]
) -> tuple[list[Row], list[Reading]]:
    """The recogniser's rows, and what it misheard over the clean line.

    Raises:
        Unavailable: An engine failed.
    """
    lines, rows, misheard = evaluation_lines()[:: effort.line_step], [], []
    for line in LINES:
        voices = effort.clean_voices if line is CLEAN else effort.bad_voices
        spoken = sentences(lines, callers, voices=voices)
        tell(f"{name} hears {len(spoken)} sentences, {line.name}")
        found = await readings(engine, spoken, line)
        if line is CLEAN:
            misheard = [reading for reading in (*found.known, *found.new) if word_error_rate([reading])]
        bar = MOST_KNOWN_ERRORS if line is CLEAN else None
        rows += [
            row(wer_name(name, "known", line.name), 100 * word_error_rate(found.known), "%", bar=bar),
            row(wer_name(name, "new", line.name), 100 * word_error_rate(found.new), "%"),
        ]
    tell(f"{name} at real pace")
    return rows + speed_rows(name, await speed(engine, sentences(lines, callers, voices=1)[: effort.timed])), misheard


def speed_rows(name: str, found: Speed) -> list[Row]:
    """The recogniser's times."""
    factor = sum(found.factors) / len(found.factors) if found.factors else float("inf")
    return [
        row(f"{name}: work per second of sound", factor, "s", bar=SLOWEST_FACTOR),
        row(f"{name}: end of speech to final text, p50", 1_000 * quantile(found.after_speech, 0.5), "ms"),
        row(f"{name}: end of speech to final text, p95", 1_000 * quantile(found.after_speech, 0.95), "ms"),
        row(f"{name}: told to finish to final text, p95", 1_000 * quantile(found.after_order, 0.95), "ms"),
    ]
