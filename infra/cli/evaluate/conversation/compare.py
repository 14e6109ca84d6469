"""Two versions side by side: the same scenarios, and what is otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from infra.cli.evaluate.conversation.run import Pass, Played
from infra.cli.looks import BAD, GOOD, words

SHOWN_WORDS = 90


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that is otherwise in the two versions, for one scenario."""

    scenario: str
    what: str
    first: str
    second: str


def differences(first: Pass, second: Pass) -> list[Difference]:
    """What is otherwise, scenario by scenario; of the words, the first line that differs."""
    found = []
    for one, other in zip(first.played, second.played, strict=True):
        for what in ("disposition", "turns", "appointment", "faults", "words"):
            ours, theirs = _shown(one, what), _shown(other, what)
            if what == "words":
                ours, theirs = _first_other(one, other)
            if ours != theirs:
                found.append(Difference(scenario=one.scenario.name, what=what, first=ours, second=theirs))
    return found


def as_json(first: str, second: str, passes: tuple[Pass, Pass]) -> dict[str, object]:
    """The comparison as data."""
    figures = {
        name: {"whole": each.whole, "compliance": each.compliance, "rest": each.rest, "turns": each.turns}
        for name, each in zip((first, second), passes, strict=True)
    }
    return {"versions": figures, "differences": [vars(each) for each in differences(*passes)]}


def print_comparison(names: Sequence[str], passes: tuple[Pass, Pass], console: Console) -> None:
    """The figures of both, then every difference."""
    figures = Table(box=None, pad_edge=False)
    for heading in ("", *names):
        figures.add_column(heading, justify="left" if not heading else "right")
    figures.add_row("scenarios as expected", *(f"{each.whole} of {len(each.played)}" for each in passes))
    figures.add_row(
        "expectations of the law met", *(f"{each.compliance[0]} of {each.compliance[1]}" for each in passes)
    )
    figures.add_row("other expectations met", *(f"{each.rest[0]} of {each.rest[1]}" for each in passes))
    figures.add_row("turns of people", *(str(each.turns) for each in passes))
    figures.add_row("words of the agent", *(f"{_words(each):,}" for each in passes))
    console.print(figures)
    found = differences(*passes)
    if not found:
        console.print("No call goes otherwise, not by a word.", style=GOOD)
        return
    table = Table(box=None, pad_edge=False, show_lines=False)
    for heading in ("scenario", "what", *names):
        table.add_column(heading, overflow="fold")
    for each in found:
        style = BAD if each.what == "faults" else ""
        table.add_row(each.scenario, each.what, each.first, each.second, style=style)
    console.print(table)


def _shown(played: Played, what: str) -> str:
    ended = played.ended
    if what == "faults":
        return "; ".join(fault.text for fault in played.faults) or "none"
    if ended is None:
        return "broke"
    if what == "disposition":
        return words(ended.disposition)
    if what == "turns":
        return str(ended.turns)
    zone = played.scenario.clock_zone
    return f"{ended.appointment.astimezone(zone):%a %Y-%m-%d %H:%M}" if ended.appointment else "none"


def _first_other(one: Played, other: Played) -> tuple[str, str]:
    ours = one.ended.agent_words if one.ended else ()
    theirs = other.ended.agent_words if other.ended else ()
    place = next((n for n, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), None)
    if place is None:
        place = min(len(ours), len(theirs))
    return _line(ours, place), _line(theirs, place)


def _line(lines: Sequence[str], place: int) -> str:
    if place >= len(lines):
        return ""
    return lines[place] if len(lines[place]) <= SHOWN_WORDS else f"{lines[place][:SHOWN_WORDS]}…"


def _words(each: Pass) -> int:
    return sum(len(line.split()) for played in each.played if played.ended for line in played.ended.agent_words)
