"""Part ``load``: one call and many, with models as slow as they are; the plain bot beside, the better way to run it."""

from collections.abc import Mapping
from math import inf, isfinite

from infra.cli.bench_voice.bench import Bench
from infra.cli.bench_voice.delays import REALISTIC
from infra.cli.bench_voice.figures import Turns, better, memory_per_call, processor_per_minute, row
from infra.cli.bench_voice.heard import decision_ms
from infra.cli.bench_voice.meters import quantile
from infra.cli.bench_voice.runs import Crowd, Measured
from infra.cli.bench_voice.systems import OURS, PLAIN, PLAIN_PER_CORE, Kind
from infra.cli.rows import Row

ONE_SECONDS, MANY_SECONDS = 90.0, 50.0
COMPARED_AT = 10
GROWTH = {20: 1.25, 40: 1.6}
MOST_UNDERRUNS = {20: 0.0, 40: 1.0}
Sizes = Mapping[int, Measured]


def load_rows(bench: Bench) -> list[Row]:
    """Latency, underruns, processor time and memory by number of calls."""
    ours = _by_size(bench, OURS)
    plain = _by_size(bench, PLAIN)
    per_core = _by_size(bench, PLAIN_PER_CORE, least=2)
    rows: list[Row] = []
    if 1 in ours:
        rows += _one_call(ours[1], plain.get(1))
    for calls in ours:
        if calls > 1:
            rows += _many_calls(calls, ours, plain, per_core)
    if COMPARED_AT in ours:
        rows += _costs(ours[COMPARED_AT], plain[COMPARED_AT], per_core[COMPARED_AT])
    return rows


def admission(rows: list[Row]) -> int:
    """How many calls a worker may hold: its share of the largest crowd whose rows hold; none when none does."""
    sizes = {calls: [each for each in rows if each.name.startswith(f"{calls} calls: ")] for calls in GROWTH}
    held = max((calls for calls, found in sizes.items() if found and all(each.holds for each in found)), default=0)
    return held // OURS.places


def _by_size(bench: Bench, kind: Kind, *, least: int = 1) -> dict[int, Measured]:
    """A run of each size, one after the other on the same system."""
    sizes = [calls for calls in bench.crowds if calls >= least]
    with bench.system(kind, REALISTIC) as system:
        return {
            calls: bench.crowd(system, Crowd(calls=calls, seconds=ONE_SECONDS if calls == 1 else MANY_SECONDS))
            for calls in sizes
        }


def _one_call(ours: Measured, plain: Measured | None) -> list[Row]:
    turns, beside = Turns.of(ours), Turns.of(plain) if plain else None
    p50, p95 = turns.latency(0.5), turns.latency(0.95)
    plain_p50, plain_p95 = (beside.latency(0.5), beside.latency(0.95)) if beside else (None, None)
    return [
        row("one call: last speech to first audio, p50", p50, "ms", plain=plain_p50, bar=600),
        row("one call: last speech to first audio, p50, of the plain bot's", p50, "ms", plain=plain_p50, share=0.6),
        row("one call: last speech to first audio, p95", p95, "ms", plain=plain_p95),
        row("one call: end of turn to first audio, p95", quantile(decision_ms(ours), 0.95), "ms", bar=200),
        row(
            "one call: turns with underruns", turns.with_underruns, "%", plain=beside.with_underruns if beside else None
        ),
        row("one call: turns measured", len(turns.answers), "turns", plain=len(beside.answers) if beside else None),
    ]


def _many_calls(calls: int, ours: Sizes, plain: Sizes, per_core: Sizes) -> list[Row]:
    turns = Turns.of(ours[calls])
    beside = [Turns.of(each[calls]) for each in (plain, per_core) if calls in each]
    one = Turns.of(ours[1]).latency(0.95) if 1 in ours else inf
    bar = GROWTH[calls] * one if calls in GROWTH and isfinite(one) else None
    return [
        row(f"{calls} calls: last speech to first audio, p50", turns.latency(0.5), "ms",
            plain=better(*(each.latency(0.5) for each in beside))),
        row(f"{calls} calls: last speech to first audio, p95", turns.latency(0.95), "ms",
            plain=better(*(each.latency(0.95) for each in beside)), bar=bar),
        row(f"{calls} calls: turns with underruns", turns.with_underruns, "%",
            plain=better(*(each.with_underruns for each in beside)), bar=MOST_UNDERRUNS.get(calls)),
        row(f"{calls} calls: turns unanswered", turns.unanswered, "%",
            plain=better(*(each.unanswered for each in beside)), bar=0 if calls in GROWTH else None),
    ]  # fmt: skip


def _costs(ours: Measured, *plain: Measured) -> list[Row]:
    processor = better(*(processor_per_minute(each) for each in plain))
    memory = better(*(memory_per_call(each) for each in plain))
    return [
        row("10 calls: processor time for a call minute", processor_per_minute(ours), "s", plain=processor, share=0.4),
        row("10 calls: memory for a call", memory_per_call(ours), "MB", plain=memory, share=0.4),
        row("memory when idle", ours.idle_mb, "MB", plain=better(*(each.idle_mb for each in plain))),
    ]
