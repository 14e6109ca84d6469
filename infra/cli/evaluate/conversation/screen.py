"""What an evaluation of the conversation looks like on the screen."""

from collections.abc import Sequence
from itertools import pairwise

from rich.console import Console
from rich.table import Table

from infra.cli.bench_voice.meters import quantile
from infra.cli.evaluate.conversation.ending import Ended
from infra.cli.evaluate.conversation.judge import Fault
from infra.cli.evaluate.conversation.run import Pass, Played, otherwise
from infra.cli.evaluate.conversation.violations import sentences
from infra.cli.looks import BAD, GOOD, counted

NAMES = {"agent": "Agent", "person": "Person", "world": "  >>"}
END, AROUND = 8, 2
"""How many of the last lines are shown, and on either side of one that is to blame."""


def print_passes(passes: Sequence[Pass], console: Console, *, shows_all: bool) -> None:
    """The faults of the first pass with what was said, then the figures of all."""
    for played in passes[0].played:
        if played.faults or shows_all:
            _print_played(played, console, whole=shows_all)
    table = Table(box=None, pad_edge=False)
    for heading in ("pass", "scenarios as expected", "law", "the rest", "turns a minute", "first words p95"):
        table.add_column(heading, justify="right")
    for number, each in enumerate(passes, start=1):
        table.add_row(
            str(number),
            f"{each.whole} of {len(each.played)}",
            _share(each.compliance),
            _share(each.rest),
            f"{60 * each.turns / each.seconds:,.0f}",
            f"{1000 * quantile(each.reply_seconds, 0.95):.1f} ms" if each.reply_seconds else "–",
        )
    console.print(table)
    if len(passes) > 1:
        different = otherwise(passes)
        told = f"not the same each time: {', '.join(different)}" if different else "the same each time"
        console.print(told, style=BAD if different else GOOD, markup=False, highlight=False)


def _share(met: tuple[int, int]) -> str:
    good, of = met
    return f"[{GOOD if good == of else BAD}]{good} of {of}[/]"


def _print_played(played: Played, console: Console, *, whole: bool) -> None:
    style = BAD if played.faults else GOOD
    console.print(played.scenario.name, style=f"bold {style}", markup=False, highlight=False)
    for fault in played.faults:
        law = "law: " if fault.is_compliance else ""
        console.print(f"  {law}{fault.text}", style=BAD, markup=False, highlight=False)
    if played.ended is not None:
        for line in transcript(played.ended, whole=whole, faults=played.faults):
            console.print(f"    {line}", style="dim", markup=False, highlight=False)


def transcript(ended: Ended, *, whole: bool = True, faults: Sequence[Fault] = ()) -> list[str]:
    """Who said and did what; unless it is to be whole, what the faults speak of and the end of it."""
    lines = [f"{NAMES[each.who]}: {each.text}" for each in ended.happenings]
    report = ended.report
    lines.append(f"  >>: ended by the {report.ended_by} ({report.end_reason}), {counted(ended.turns, 'turn')}")
    if whole:
        return lines
    shown = set(range(len(lines) - END, len(lines)))
    for place, each in enumerate(ended.happenings):
        if any(_quotes(fault.text, each.text) for fault in faults):
            shown |= set(range(place - AROUND, place + AROUND + 1))
    places = sorted(place for place in shown if 0 <= place < len(lines))
    return [text for before, place in pairwise((-1, *places)) for text in (*["…"][: place - before > 1], lines[place])]


def _quotes(fault: str, said: str) -> bool:
    """Whether the fault speaks of this line: it quotes a sentence of it."""
    return any(sentence in fault for sentence in sentences(said))
