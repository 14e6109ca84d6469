"""What the run came to, printed: one block per lead, then the figures of the whole run."""

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from infra.cli.demo.findings import Finding
from infra.cli.demo.page import shown
from infra.cli.demo.result import Result
from shared.costs import Component
from shared.kernel.money import Money
from shared.reports.campaign_report import Percentiles

SHORT: dict[str, str] = {
    Component.CARRIER_VOICE: "voice",
    Component.MEDIA_STREAM: "stream",
    Component.MACHINE_DETECTION: "amd",
    Component.COMPUTE: "compute",
    Component.OVERHEAD: "overhead",
}


def print_result(result: Result, console: Console) -> None:
    """Print everything."""
    console.print()
    console.print(_leads(result))
    console.print()
    console.print(_figures(result))
    console.print()
    console.print(_reference(result))
    console.print()
    if result.failure:
        console.print(Text(f"Failed: {result.failure}", style="bold red"))
    else:
        console.print(Text("Everybody was treated as they should be.", style="bold green"))


def _leads(result: Result) -> Table:
    table = Table(title="Leads", title_justify="left", show_lines=True, expand=True)
    for title in ("lead", "ended as", "score", "appointment / next action"):
        table.add_column(title, overflow="fold")
    table.add_column("seconds", justify="right")
    table.add_column("cost", justify="right", no_wrap=True)
    for finding in result.findings:
        table.add_row(
            f"{finding.persona.name}\n[dim]{finding.persona.lead.subject}[/dim]",
            _ending(finding),
            _score(finding),
            "\n".join(filter(None, [finding.appointment, finding.next_action])),
            str(finding.line.call_seconds),
            _cost(finding),
        )
    return table


def _ending(finding: Finding) -> str:
    words = finding.disposition.replace("_", " ")
    if not finding.as_expected:
        return f"[red]{words}[/red]\nexpected {finding.persona.expected.disposition.replace('_', ' ')}"
    return "\n".join([f"[green]{words}[/green]", *(f"[dim]{reason}[/dim]" for reason in finding.reasons)])


def _score(finding: Finding) -> str:
    if finding.line.score is None:
        return "–"
    parts = ", ".join(f"{reason.name} {reason.points}/{reason.most}" for reason in finding.line.score_reasons)
    return f"{finding.line.score}\n[dim]{parts}[/dim]"


def _cost(finding: Finding) -> str:
    parts = [f"[dim]{_short(name)} {Money(amount)}[/dim]" for name, amount in finding.line.cost_by_component.items()]
    return "\n".join([str(finding.cost), *parts])


def _figures(result: Result) -> RenderableType:
    table = Table(title="The run", title_justify="left", show_header=False, box=None, pad_edge=False)
    totals, errors, cost = result.report.totals, result.word_error_rate, result.cost
    rows = [
        ("as expected", f"{sum(one.as_expected for one in result.findings)} of {len(result.findings)} leads"),
        ("first ring", shown(result.seconds_to_first_ring, "{:.1f} s after the start")),
        ("answer → first audio", _pair(totals.first_audio_ms)),
        ("end of turn → first audio", _pair(totals.turn_ms)),
        ("word error rate", f"{shown(errors['known_lines'], '{:.1%}')} known lines"),
        ("", f"{shown(errors['new_lines'], '{:.1%}')} lines the language model was not built from"),
        *(
            (f"{name} said stop", f"line dead {seconds:.1f} s later")
            for name, seconds in result.opt_out_seconds.items()
        ),
        ("cost per dial", shown(cost["per_dial"])),
        ("cost per connected call", shown(cost["per_connected_call"])),
        ("cost per appointment", shown(cost["per_appointment"])),
        ("ledger", f"OUT OF BALANCE by {result.imbalance}" if result.imbalance else "balanced"),
    ]
    for name, value in rows:
        table.add_row(f"{name}  ", value)
    return table


def _reference(result: Result) -> RenderableType:
    table = Table(title="A connected call of 2.5 minutes", title_justify="left", box=None, pad_edge=False)
    for title in ("tier", "by the price table", "published", "lines"):
        table.add_column(title)
    for tier, call in result.reference.items():
        lines = ", ".join(
            f"{SHORT.get(one.component, one.component.replace('_', ' '))} {one.amount}" for one in call.lines
        )
        table.add_row(tier.replace("_", " "), str(call.total), str(call.published), lines)
    return Group(table)


def _pair(figures: Percentiles) -> str:
    return "–" if figures.p50 is None else f"p50 {figures.p50:.0f} ms, p95 {figures.p95:.0f} ms"


def _short(component: str) -> str:
    return SHORT.get(component, component.replace("_", " "))
