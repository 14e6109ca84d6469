"""The figures of a run in words: name and value, line by line."""

from infra.cli.demo.result import Result
from infra.cli.looks import shown
from shared.reports.campaign_report import Percentiles


def figures(result: Result) -> tuple[tuple[str, str], ...]:
    """What a run is judged by."""
    totals, errors, cost = result.report.totals, result.word_error_rate, result.cost
    return (
        ("as expected", f"{result.as_expected} of {len(result.findings)} leads"),
        ("calls", f"{totals.dials} dialled, {totals.connected_calls} answered by a person"),
        ("appointments", str(totals.appointments)),
        ("first ring", shown(result.seconds_to_first_ring, "{:.1f} s after the start")),
        ("answer to first audio", percentiles(totals.first_audio_ms)),
        ("end of turn to first audio", percentiles(totals.turn_ms)),
        ("words misheard", f"{shown(errors['known_lines'], '{:.1%}')} on lines the language model was built from"),
        ("", f"{shown(errors['new_lines'], '{:.1%}')} on new lines"),
        *((f"{name} said stop", f"line dead {after:.1f} s later") for name, after in result.opt_out_seconds.items()),
        ("cost per dial", shown(cost["per_dial"])),
        ("cost per connected call", shown(cost["per_connected_call"])),
        ("cost per appointment", shown(cost["per_appointment"])),
        ("ledger", f"OUT OF BALANCE by {result.imbalance}" if result.imbalance else "balanced"),
    )


def percentiles(measured: Percentiles) -> str:
    """The middle and the slow end, in milliseconds."""
    return "–" if measured.p50 is None else f"p50 {measured.p50:.0f} ms, p95 {measured.p95:.0f} ms"
