"""``report.html``: one page with every call, playable."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from infra.cli.demo.result import Result


def write_page(result: Result, folder: Path) -> Path:
    """Write the page and copy the recordings beside it; returns the page's path."""
    recordings = _copy_recordings(result, folder / "recordings")
    environment = Environment(
        loader=PackageLoader("infra.cli.demo", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["format"] = lambda pattern, value: pattern % value
    template = environment.get_template("page.html.j2")
    page = folder / "report.html"
    page.write_text(
        template.render(result=result, cards=cards(result), recordings=recordings),
        encoding="utf-8",
    )
    return page


def cards(result: Result) -> list[tuple[str, str, str]]:
    """The figures of the run as (title, value, note)."""
    totals, errors, cost = result.report.totals, result.word_error_rate, result.cost
    as_expected = sum(finding.as_expected for finding in result.findings)
    return [
        ("As expected", f"{as_expected} of {len(result.findings)}", "leads"),
        ("Appointments", str(totals.appointments), f"{shown(cost['per_appointment'])} each"),
        ("Connected call", shown(cost["per_connected_call"]), f"{shown(cost['per_dial'])} per dial"),
        ("First audio", shown(totals.first_audio_ms.p95, "{:.0f} ms"), "p95 after the answer"),
        ("Turn", shown(totals.turn_ms.p95, "{:.0f} ms"), f"p95; p50 {shown(totals.turn_ms.p50, '{:.0f} ms')}"),
        ("Word errors", shown(errors["known_lines"], "{:.1%}"), f"known; new {shown(errors['new_lines'], '{:.1%}')}"),
        ("Ledger", "out of balance" if result.imbalance else "balanced", "double entry"),
    ]


def shown(value: object, pattern: str = "{}") -> str:
    """The value by its pattern; a dash where there is none."""
    return "–" if value is None else pattern.format(value)


def _copy_recordings(result: Result, folder: Path) -> Mapping[str, str]:
    """Attempt → path relative to the page."""
    folder.mkdir(parents=True, exist_ok=True)
    copied: dict[str, str] = {}
    for finding in result.findings:
        for call in finding.attempts:
            source = Path(call.report.recording_path) if call.report and call.report.recording_path else None
            if source is not None and source.exists():
                shutil.copyfile(source, folder / source.name)
                copied[call.attempt.id] = f"recordings/{source.name}"
    return copied
