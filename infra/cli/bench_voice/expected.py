"""The rows that a whole run has to leave: what is not measured does not hold either."""

from collections.abc import Sequence

from infra.cli.rows import Row

EXPECTED: dict[str, Sequence[str]] = {
    "load": (
        "one call: last speech to first audio, p50",
        "one call: last speech to first audio, p50, of the plain bot's",
        "one call: end of turn to first audio, p95",
        "20 calls: last speech to first audio, p95",
        "20 calls: turns with underruns",
        "40 calls: last speech to first audio, p95",
        "40 calls: turns with underruns",
        "10 calls: processor time for a call minute",
        "10 calls: memory for a call",
        "calls a worker may hold",
    ),
    "greeting": ("greeting, p95", "greeting without any model's server, p95"),
    "prepared": ("prepared audio: end of turn to first audio, p95",),
    "instant": (
        "instant models, one call: last speech to first audio, p50",
        "instant models, one call: agent speaks too early",
        "synthetic pauses: agent speaks into them",
    ),
    "interruptions": (
        "interruption: play-out stops, p50",
        "interruption: play-out stops, p95",
        "interruption: noted wrong by more than a word",
    ),
    "murmurs": (
        "murmurs and noises: utterance abandoned",
        "murmurs and noises: longest silence after one before going on",
    ),
    "kill": ("worker killed: p95 of the other calls after, of before",),
    "premium": (
        "premium voice: longest gap at the switch",
        "premium voice: longest gap when it refuses, breaks, is slow or is spent",
    ),
}


def missing_rows(rows: Sequence[Row], parts: Sequence[str]) -> list[Row]:
    """One row that does not hold for each that is expected of these parts and not there."""
    names = {row.name for row in rows}
    return [
        Row(name=f"missing: {name}", value=0, unit="rows", bar=1, holds=False)
        for part in parts
        for name in EXPECTED[part]
        if name not in names
    ]
