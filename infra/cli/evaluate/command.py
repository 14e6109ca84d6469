"""``reauto evaluate speech``: how well calls are heard and spoken with the engines of this machine."""

from pathlib import Path

import click
from rich.console import Console

from infra.cli.bench import TooFar
from infra.cli.evaluate.conversation.command import conversation
from infra.cli.phases import Phases
from infra.cli.rows import print_rows, write_rows

ENGINES = ("pocketsphinx", "whisper", "deepgram", "espeak", "piper", "kokoro", "elevenlabs")
"""Spelled out: the engines themselves take seconds to import."""


@click.group(short_help="How good the parts are, on labelled sets.")
def evaluate() -> None:
    """How good parts of the product are, measured on labelled sets."""


evaluate.add_command(conversation)


@evaluate.command(short_help="Words, turns, who answered, levels.")
@click.option(
    "--engine",
    "names",
    type=click.Choice(ENGINES),
    multiple=True,
    help="A recogniser or a voice, as configured; may be repeated. Without it the embedded ones.",
)
@click.option("--quick", is_flag=True, help="A part of the sets: a minute, and too little to hold bars against.")
@click.option("--misheard", "shows_misheard", is_flag=True, help="Also print the sentences that were misheard.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/bench"), show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
def speech(*, names: tuple[str, ...], quick: bool, shows_misheard: bool, out: Path, as_json: bool) -> None:
    """How well calls are heard and spoken: word errors, ends of turns, who answered, levels.

    The sets are made here: sentences in several voices, clean, with noise and with lost packets, over 8 kHz mu-law;
    turns with labelled pauses, beside a plain Pipecat bot; people and machines that answer after some silence. All of
    it is synthetic and no evidence for people.

    Takes six minutes on two cores, and keeps the rows in build/bench/speech.json, quick ones in speech-quick.json.
    Engines that are services of others are paid for what they speak and hear.
    """
    from voice_node.background import adopt_pipecat_logs

    adopt_pipecat_logs()
    from infra.cli.evaluate.effort import QUICK, WHOLE  # the engines behind it take seconds to load
    from infra.cli.evaluate.engines import Chosen
    from infra.cli.evaluate.screen import SYNTHETIC, print_matrices, print_misheard, without_matrices
    from infra.cli.evaluate.suite import evaluate_speech

    console = Console(stderr=as_json)
    with Phases(console) as tell:
        found = evaluate_speech(tell, chosen=Chosen.named(names), effort=QUICK if quick else WHOLE)
    print_rows(without_matrices(found.rows), console, title="speech")
    print_matrices(found.matrices, console)
    if shows_misheard:
        for engine, misheard in found.misheard.items():
            print_misheard(engine, misheard, console)
    console.print(SYNTHETIC)
    file = out / ("speech-quick.json" if quick else "speech.json")
    write_rows(found.rows, file)
    if as_json:
        click.echo(file.read_text(encoding="utf-8"), nl=False)
    if failed := [row.name for row in found.rows if not row.holds]:
        raise TooFar(f"{len(failed)} did not hold: {', '.join(failed)}")
