"""``reauto bench``: benchmarks, suite by suite, each figure held against its bar."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click
from rich.console import Console

from infra.cli.phases import Phases
from infra.cli.rows import Row, print_rows, write_rows
from shared.kernel.errors import Refused


class TooFar(Refused):
    """A figure passed its bar."""


def _speech(tell: Phases) -> Sequence[Row]:
    from voice_node.background import adopt_pipecat_logs  # speech engines take seconds to load

    adopt_pipecat_logs()
    from infra.cli.evaluate.suite import evaluate_speech

    return evaluate_speech(tell).rows


def _db(tell: Phases) -> Sequence[Row]:
    from infra.cli.bench_db.suite import db_suite  # the control plane takes a while to load, too

    return db_suite(tell)


def _voice(tell: Phases) -> Sequence[Row]:
    from infra.cli.bench_voice.suite import voice_suite  # so do the turn models

    return voice_suite(tell)


def _conversation(tell: Phases) -> Sequence[Row]:
    from voice_node.background import adopt_pipecat_logs

    adopt_pipecat_logs()
    from infra.cli.bench_conversation.suite import conversation_suite  # and the graph

    return conversation_suite(tell)


SUITES: Mapping[str, Callable[[Phases], Sequence[Row]]] = {
    "speech": _speech,
    "db": _db,
    "voice": _voice,
    "conversation": _conversation,
}


@click.command(short_help="Measure, beside baselines and bars.")
@click.option("--suite", type=click.Choice(sorted(SUITES)), help="Only this one; without it, all.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/bench"), show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON too.")
def bench(suite: str | None, out: Path, as_json: bool) -> None:
    """Measure, hold every figure against its bar, and keep the rows in build/bench/<suite>.json.

    conversation: understanding, guards, whole calls with every brain, ten thousand talks with people who make no
    sense; takes twenty minutes. A part of it: python -m infra.cli.bench_conversation --part guards.
    db: the control plane at five million leads and calls, sixteen clients at once; takes ten minutes and 10 GB.
    speech: how well the embedded engines hear and speak, as reauto evaluate speech prints it; takes six minutes.
    voice: the voice node beside a plain Pipecat bot, one call to forty; takes half an hour. A part of it:
    python -m infra.cli.bench_voice --part load --calls 10.
    """
    console = Console(stderr=as_json)
    failed: list[str] = []
    for name in [suite] if suite else SUITES:
        with Phases(console) as tell:
            rows = SUITES[name](tell)
        print_rows(rows, console, title=name)
        write_rows(rows, out / f"{name}.json")
        if as_json:
            click.echo((out / f"{name}.json").read_text(encoding="utf-8"), nl=False)
        failed += [f"{name}: {row.name}" for row in rows if not row.holds]
    if failed:
        raise TooFar(f"{len(failed)} did not hold: {', '.join(failed)}")
