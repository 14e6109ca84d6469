"""What the run came to, printed: one block per lead, then the figures of the whole run."""

from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from infra.cli.demo.figures import figures
from infra.cli.demo.findings import Finding
from infra.cli.demo.result import Result
from infra.cli.looks import BAD, COLOURS, GOOD, Flow, component, plain_reason, width_of, words
from shared.conversation.report import ScoreReason
from shared.kernel.money import Money
from shared.outcomes import Disposition

ENDING_WIDTH = max(len(ending) for ending in Disposition)
EFFORT_WIDTH = len("6 calls, 300 s")
COST_WIDTH = len("$0.0000")
LABEL_WIDTH = len("score 100")


def print_result(result: Result, console: Console) -> None:
    """Print everything; no line is longer than the terminal, nor than a person likes to read."""
    width = width_of(console)
    for part in (*_leads(result), *_figures(result), *_reference(result), _verdict(result)):
        console.print(part, width=width)


def _leads(result: Result) -> Iterable[RenderableType]:
    yield _title("Leads")
    for finding in result.findings:
        yield _head(finding)
        yield Padding(_details(finding), (0, 0, 1, 2))


def _head(finding: Finding) -> Table:
    """Who, how it ended, how long it took, what it cost: one line."""
    row = Table.grid(expand=True, padding=(0, 1))
    row.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    row.add_column(width=ENDING_WIDTH, no_wrap=True)
    row.add_column(width=EFFORT_WIDTH, justify="right", no_wrap=True)
    row.add_column(width=COST_WIDTH, justify="right", no_wrap=True)
    who = Text.assemble((finding.persona.name, "bold"), (f", {finding.persona.lead.subject}", "dim"))
    colour = COLOURS.get(finding.disposition, GOOD) if finding.as_expected else BAD
    ending = Text(words(finding.disposition), style=f"bold {colour}")
    row.add_row(who, ending, _effort(finding), str(finding.cost))
    return row


def _effort(finding: Finding) -> str:
    if not finding.line.attempts:
        return "not rung"
    calls = f"{finding.line.attempts} calls, " if finding.line.attempts > 1 else ""
    return f"{calls}{finding.line.call_seconds} s"


def _details(finding: Finding) -> Table:
    """The lines below the head: label and text, wrapped between parts only."""
    line = finding.line
    rows = Table.grid(expand=True, padding=(0, 1))
    rows.add_column(width=LABEL_WIDTH, style="dim", no_wrap=True)
    rows.add_column(ratio=1)
    if not finding.as_expected:
        rows.add_row("expected", Text(words(finding.persona.expected.disposition), style=BAD))
    if finding.reasons:
        rows.add_row("because", Flow(finding.reasons, separator="; "))
    if finding.appointment:
        rows.add_row("agreed", Text.assemble((finding.appointment, GOOD), f"; {finding.next_step}"))
    else:
        rows.add_row("next", Text(finding.next_step))
    if line.score is not None:
        rows.add_row(f"score {line.score}", Flow(_reason(each) for each in line.score_reasons))
    costs = [f"{component(name)} {Money(amount)}" for name, amount in line.cost_by_component.items() if amount]
    if costs:
        rows.add_row("cost", Flow(costs, style="dim"))
    return rows


def _reason(part: ScoreReason) -> str:
    return f"{part.name} {part.points}/{part.most} ({plain_reason(part.why)})"


def _figures(result: Result) -> Iterable[RenderableType]:
    yield _title("The run")
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column()
    for name, value in figures(result):
        rows.add_row(name, Text(value))
    yield Padding(rows, (0, 0, 1, 0))


def _reference(result: Result) -> Iterable[RenderableType]:
    """The reference call in every tier: a line of totals, and a line of what they are made of."""
    yield _title("A connected call of 2.5 minutes by the price table")
    for tier, call in result.reference.items():
        made_of = Flow((f"{component(line.component)} {line.amount}" for line in call.lines), style="dim")
        total = Text.assemble(
            (f"{words(tier):<20}", "bold"), f"{call.total}", (f"   published {call.published}", "dim")
        )
        yield Group(total, Padding(made_of, (0, 0, 1, 2)))


def _verdict(result: Result) -> Text:
    return Text(result.verdict, style=f"bold {BAD if result.failure else GOOD}")


def _title(text: str) -> RenderableType:
    return Group(Rule(Text(text, style="bold"), align="left", style="dim", characters="─"), Text())
