"""The suite ``speech``: the built-in recogniser over the evaluation's lines, spoken by several voices."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from infra.cli.rows import Row
from voice_node.speech.evaluate import Row as Heard
from voice_node.speech.evaluate import evaluation_lines, rows
from voice_node.speech.voice import CALLER_VOICES

MOST_KNOWN_ERRORS = 0.05
SLOWEST_FACTOR = 1.0


def speech_suite(tell: Callable[[str], None]) -> Sequence[Row]:
    """Say and hear every line in every voice; takes a minute or two."""
    tell("building the language model")
    with tempfile.TemporaryDirectory() as cache:
        *_, overall = (_told(heard, tell) for heard, _ in rows(CALLER_VOICES, evaluation_lines(), Path(cache)))
    return figures(overall)


def figures(overall: Heard) -> Sequence[Row]:
    """The evaluation's last line as rows. Error rates are errors per word spoken."""
    known, factor = overall.known_wer, overall.real_time_factor
    return (
        Row(
            name="word error rate, known lines",
            value=known,
            unit="ratio",
            bar=MOST_KNOWN_ERRORS,
            holds=known <= MOST_KNOWN_ERRORS,
        ),
        Row(name="word error rate, new lines", value=overall.new_wer, unit="ratio"),
        Row(
            name="work per second of sound", value=factor, unit="s", bar=SLOWEST_FACTOR, holds=factor <= SLOWEST_FACTOR
        ),
        Row(name="delay at the end, p50", value=overall.end_ms_p50, unit="ms"),
        Row(name="delay at the end, p95", value=overall.end_ms_p95, unit="ms"),
    )


def _told(heard: Heard, tell: Callable[[str], None]) -> Heard:
    tell(f"{heard.voice} is done")
    return heard
