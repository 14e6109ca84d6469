"""What was found out about a call behind it, on a terminal."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from infra.cli.looks import BAD, GOOD, WAITING, width_of, words

MOODS = {"positive": GOOD, "neutral": "dim", "negative": BAD}


def draw_analyses(console: Console, found: list[dict[str, Any]]) -> None:
    """One call after the other."""
    for each in found:
        console.print(Text(each["attempt"], style="bold"), width=width_of(console))
        parts = analysis_parts(each["analysis"]) if each["analysis"] else (Text("still on its way", style=WAITING),)
        for part in parts:
            console.print(part, width=width_of(console))


def analysis_parts(analysis: dict[str, Any]) -> Iterable[RenderableType]:
    """The summary, the mood, how the call was talked through, and what was wrong with it."""
    by = "" if analysis["by"] == "rules" else f", in the words of {analysis['by']}"
    yield Rule(Text(f"Summed up{by}", style="bold"), align="left", style="dim", characters="─")
    yield Text(analysis["summary"])
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column()
    sentiment = analysis["sentiment"]
    course = f" ({sentiment['began']:+.1f} at first, {sentiment['ended']:+.1f} in the end)"
    rows.add_row("mood", Text.assemble((sentiment["label"], MOODS[sentiment["label"]]), course))
    for name, value in _quality(analysis["quality"]):
        rows.add_row(name, value)
    for finding in analysis["findings"]:
        if finding["source"] == "model" or not finding["is_literal"]:
            told = "overheard" if finding["source"] == "model" else "not in the transcript"
            rows.add_row(told, f"{words(finding['field'])}: {finding['quote']}")
    yield rows


def _quality(quality: dict[str, Any]) -> Iterable[tuple[str, RenderableType]]:
    if quality["talk_ratio"] is not None:
        yield "we spoke", f"{quality['talk_ratio']:.0%} of the time, {quality['agent_seconds']:.0f} s"
    yield "interruptions", f"{quality['interruptions']} by the caller, {quality['talked_over']} by us"
    if quality["longest_silence_seconds"] is not None:
        yield "longest silence", f"{quality['longest_silence_seconds']:.1f} s"
    if quality["latency_p50_ms"] is not None:
        yield (
            "answered within",
            f"{quality['latency_p50_ms']:.0f} ms, {quality['latency_p95_ms']:.0f} ms at worst (p95)",
        )
    missing = [words(each["field"]) for each in quality["required"] if each["how"] == "missing"]
    unsaid = [each["name"] for each in quality["duties"] if not each["is_said"]]
    faults = [f"did not ask: {field}" for field in missing] + [f"nothing {duty}" for duty in unsaid]
    yield "script", Text("kept to", style=GOOD) if not faults else Text("; ".join(faults), style=BAD)
    for each in quality["violations"]:
        yield "should not say", Text(f"{each['words']} ({each['what']})", style=BAD)
