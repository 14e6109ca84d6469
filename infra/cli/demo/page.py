"""``report.html``: one page with every lead and every call, playable, with nothing fetched from elsewhere."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from infra.cli.demo.figures import figures
from infra.cli.demo.result import Result
from infra.cli.looks import COLOURS, WAITING, action, component, moment, plain_reason, shown, words
from shared.conversation import CallReport
from shared.conversation.report import SpokenTurn

Listen = Callable[[str], bytes | None]
"""A recording by its name as WAV, ``None`` when it is not there."""
RECORDING = re.compile(r'src="(recordings/[\w-]+\.wav)"')


def write_page(result: Result, folder: Path, *, listen: Listen) -> Path:
    """Write the page and put the recordings beside it; returns the page's path."""
    page = folder / "report.html"
    _forget_recordings(page)
    recordings = _put_recordings(result, folder / "recordings", listen)
    page.write_text(render(result, recordings), encoding="utf-8")
    return page


def render(result: Result, recordings: Mapping[str, str]) -> str:
    """The page's text; ``recordings`` is attempt → address relative to the page. Everything from outside is escaped."""
    environment = Environment(
        loader=PackageLoader("infra.cli.demo", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    ours = (words, action, component, moment, plain_reason, shown, tone, turns)
    environment.filters |= {each.__name__: each for each in ours}
    return environment.get_template("page.html.j2").render(
        result=result, cards=cards(result), figures=figures(result), recordings=recordings
    )


def cards(result: Result) -> list[tuple[str, str, str]]:
    """The figures that count most as (title, value, note)."""
    totals, errors, cost = result.report.totals, result.word_error_rate, result.cost
    return [
        ("As expected", f"{result.as_expected} of {len(result.findings)}", "leads"),
        ("Appointments", str(totals.appointments), f"{shown(cost['per_appointment'])} each"),
        ("Connected call", shown(cost["per_connected_call"]), f"{shown(cost['per_dial'])} per dial"),
        ("First audio", shown(totals.first_audio_ms.p50, "{:.0f} ms"), _slow_end(totals.first_audio_ms.p95)),
        ("Reply", shown(totals.turn_ms.p50, "{:.0f} ms"), _slow_end(totals.turn_ms.p95)),
        ("Words misheard", shown(errors["known_lines"], "{:.1%}"), f"new lines {shown(errors['new_lines'], '{:.1%}')}"),
    ]


def tone(disposition: str) -> str:
    """The class that colours a disposition."""
    return COLOURS.get(disposition, WAITING)


def turns(report: CallReport | None) -> list[SpokenTurn]:
    """What was said, in the order in which it was begun."""
    return sorted(report.turns, key=lambda turn: turn.started) if report else []


def _slow_end(p95: float | None) -> str:
    return f"p95 {shown(p95, '{:.0f} ms')}"


def _forget_recordings(page: Path) -> None:
    """Remove the recordings that an earlier page played, and nothing else that may lie there."""
    earlier = RECORDING.findall(page.read_text(encoding="utf-8")) if page.exists() else []
    for name in earlier:
        (page.parent / name).unlink(missing_ok=True)


def _put_recordings(result: Result, folder: Path, listen: Listen) -> Mapping[str, str]:
    """Attempt → path relative to the page."""
    folder.mkdir(parents=True, exist_ok=True)
    put: dict[str, str] = {}
    for finding in result.findings:
        for call in finding.attempts:
            name = call.report.recording_path if call.report else None
            sound = listen(name) if name else None
            if sound is not None:
                (folder / f"{call.attempt.id}.wav").write_bytes(sound)
                put[call.attempt.id] = f"recordings/{call.attempt.id}.wav"
    return put
