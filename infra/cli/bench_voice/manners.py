"""Parts about how people behave: greetings, interruptions, murmurs, pauses, and models that answer at once or never."""

from infra.cli.bench_voice.bench import Bench
from infra.cli.bench_voice.delays import NONE, REALISTIC, Delays
from infra.cli.bench_voice.figures import Turns, row
from infra.cli.bench_voice.heard import decision_ms, murmurs, words_off
from infra.cli.bench_voice.meters import greeting_ms, quantile, stops_ms
from infra.cli.bench_voice.runs import Crowd, Measured
from infra.cli.bench_voice.systems import OURS, PLAIN, Kind
from infra.cli.rows import Row

GREETED = Crowd(calls=50, seconds=6, manner="hangs_up", stagger=0.4)
INTERRUPTED = Crowd(calls=8, seconds=50, manner="interrupts")
MURMURED = Crowd(calls=16, seconds=120, manner="murmurs")
PAUSED = Crowd(calls=8, seconds=45, manner="pauses")
ONE = Crowd(calls=1, seconds=60)
LEAST_MURMURS = 200


def greeting_rows(bench: Bench) -> list[Row]:
    """From the stream's beginning to the first sound, with and without models."""
    plain = _greetings(bench, PLAIN)
    return [
        row("greeting, p95", _greetings(bench, OURS), "ms", plain=plain, bar=300),
        row("greeting without any model's server, p95", _greetings(bench, OURS, has_models=False), "ms", bar=300),
    ]


def prepared_rows(bench: Bench) -> list[Row]:
    """Answers whose words are known before."""
    with bench.system(OURS, REALISTIC, is_scripted=True) as system:
        measured = bench.crowd(system, ONE)
    p95 = quantile(decision_ms(measured), 0.95)
    return [row("prepared audio: end of turn to first audio, p95", p95, "ms", bar=50)]


def instant_rows(bench: Bench) -> list[Row]:
    """Models that take no time: what is left is ours. Pauses are made by machine: no evidence for people."""
    (ours, our_pauses), (plain, plain_pauses) = _instant(bench, OURS), _instant(bench, PLAIN)
    unit, name = "%", "synthetic pauses: agent speaks into them"
    return [
        row("instant models, one call: last speech to first audio, p50", ours.latency(0.5), "ms",
            plain=plain.latency(0.5), share=0.9),
        row("instant models, one call: last speech to first audio, p95", ours.latency(0.95), "ms",
            plain=plain.latency(0.95)),
        row("instant models, one call: agent speaks too early", ours.cut_offs, unit, plain=plain.cut_offs,
            bar=plain.cut_offs),
        row(name, our_pauses.cut_offs, unit, plain=plain_pauses.cut_offs, share=0.5),
        row("synthetic pauses: last speech to first audio, p95", our_pauses.latency(0.95), "ms",
            plain=plain_pauses.latency(0.95)),
    ]  # fmt: skip


def interruption_rows(bench: Bench) -> list[Row]:
    """How soon the agent is silent when somebody speaks over it, and whether it knows what was heard."""
    ours, plain = _crowd(bench, OURS, INTERRUPTED), _crowd(bench, PLAIN, INTERRUPTED)
    our_stops, plain_stops = ([stop for track in each.tracks for stop in stops_ms(track)] for each in (ours, plain))
    off = words_off(ours)
    wrong = 100 * sum(each > 1 for each in off) / len(off) if off else 100.0
    return [
        row("interruption: play-out stops, p50", quantile(our_stops, 0.5), "ms",
            plain=quantile(plain_stops, 0.5), bar=250),
        row("interruption: play-out stops, p95", quantile(our_stops, 0.95), "ms",
            plain=quantile(plain_stops, 0.95), bar=400),
        row("interruption: noted wrong by more than a word", wrong, "%", bar=0),
        row("interruption: measured", len(our_stops), "interruptions", plain=len(plain_stops)),
    ]  # fmt: skip


def murmur_rows(bench: Bench) -> list[Row]:
    """Back-channels and noises while the agent speaks."""
    found = list(murmurs(_crowd(bench, OURS, MURMURED)))
    resumed = [gap for is_whole, gap in found if is_whole]
    abandoned = 100 * sum(not is_whole for is_whole, _ in found) / len(found) if found else 100.0
    enough = Row(
        name="murmurs and noises: measured", value=len(found), unit="murmurs", bar=LEAST_MURMURS,
        holds=len(found) >= LEAST_MURMURS * bench.scale,
    )  # fmt: skip
    return [
        row("murmurs and noises: utterance abandoned", abandoned, "%", bar=2),
        row("murmurs and noises: longest silence after one before going on", quantile(resumed, 1), "ms", bar=600),
        enough,
    ]


def _greetings(bench: Bench, kind: Kind, *, has_models: bool = True) -> float:
    with bench.system(kind, REALISTIC, has_models=has_models, is_warm=has_models) as system:
        return quantile((greeting_ms(track) for track in bench.crowd(system, GREETED).tracks), 0.95)


def _instant(bench: Bench, kind: Kind) -> tuple[Turns, Turns]:
    with bench.system(kind, NONE) as system:
        one, paused = bench.crowd(system, ONE), bench.crowd(system, PAUSED)
    return Turns.of(one), Turns.of(paused, kinds=("pause",))


def _crowd(bench: Bench, kind: Kind, crowd: Crowd, delays: Delays = REALISTIC) -> Measured:
    with bench.system(kind, delays) as system:
        return bench.crowd(system, crowd)
