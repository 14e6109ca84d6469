"""``reauto evaluate conversation``: whole calls from scenario files, judged."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from infra.cli.bench import TooFar
from infra.cli.evaluate.conversation.wishes import MANNERS, Wishes


@click.command(short_help="Whole calls from scenario files, judged.")
@click.option(
    "--set", "half", type=click.Choice(["dev", "held_out", "all"]), default="all", show_default=True,
    help="Which of the project's own scenarios.",
)  # fmt: skip
@click.option("--folder", type=click.Path(path_type=Path, exists=True), help="Other scenarios: a folder, or one file.")
@click.option("--scenario", "names", multiple=True, help="Only those whose name contains this; may be repeated.")
@click.option("--brain", type=click.Choice(["scripted", "ollama"]), default="scripted", show_default=True)
@click.option("--manner", type=click.Choice(MANNERS), help="With --brain ollama: a stand-in that behaves like this.")
@click.option("--mode", type=click.Choice(["text", "audio"]), default="text", show_default=True)
@click.option("--passes", type=click.IntRange(1, 100), default=1, show_default=True, help="So often; each must agree.")
@click.option("--transcript", "shows_all", is_flag=True, help="Print every call whole, not only what went wrong.")
@click.option(
    "--compare", type=(str, str), metavar="A B",
    help="Two versions side by side: script files or folders; `ours` is the project's own.",
)  # fmt: skip
@click.option("--judge", "has_judge", is_flag=True, help="Ask the configured Ollama how natural each call sounds, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def conversation(
    *,
    half: str,
    folder: Path | None,
    names: tuple[str, ...],
    brain: str,
    manner: str | None,
    mode: str,
    passes: int,
    shows_all: bool,
    compare: tuple[str, str] | None,
    has_judge: bool,
    as_json: bool,
) -> None:
    """Play whole calls and hold each against what its scenario expects: how it ends, what is booked, known and said.

    The conversation is the voice node's own, with its graph and the brain that is named; the person answers as the
    simulator's do. In text mode there is no sound, and a set takes seconds; in audio mode the calls are rung on this
    machine. What the law wants is counted apart from the rest, and every bit of it must hold; of the rest 95 %.
    """
    if manner and brain != "ollama":
        raise click.UsageError("--manner is how a stand-in for Ollama behaves: it needs --brain ollama")
    if compare and mode == "audio":
        raise click.UsageError("--compare plays in text mode")
    wishes = Wishes(
        places=_places(half, folder), names=names, brain=brain, manner=manner, passes=passes, shows_all=shows_all,
        compare=compare, has_judge=has_judge, as_json=as_json,
    )  # fmt: skip
    console = Console(stderr=as_json)
    from voice_node.background import adopt_pipecat_logs  # the node behind it takes seconds to load

    adopt_pipecat_logs()
    if mode == "audio":
        from infra.cli.evaluate.conversation.audio import evaluate_audio

        faults = evaluate_audio(wishes, console)
    else:
        from infra.cli.evaluate.conversation.text_mode import evaluate_text

        faults = asyncio.run(evaluate_text(wishes, console))
    if faults:
        raise TooFar(f"{len(faults)} did not hold: {', '.join(faults)}")


def _places(half: str, folder: Path | None) -> Sequence[Path]:
    from infra.cli.evaluate.conversation.scenario import OURS, SETS

    if folder is not None:
        return (folder,)
    return tuple(OURS / name for name in (SETS if half == "all" else (half,)))
