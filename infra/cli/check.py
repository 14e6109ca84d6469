"""``reauto check``: may we ring people now, and if not, what is to be done?"""

from typing import Any

import click
from rich.console import Console
from rich.table import Table

from infra.cli.api import Api
from infra.cli.check_brain import brain_checks
from infra.cli.check_prompts import prompt_checks
from infra.cli.check_recordings import recording_checks
from infra.cli.check_speech import hearing_checks
from infra.cli.looks import BAD, GOOD, WAITING, width_of
from infra.cli.reach import Answer, with_api
from infra.cli.voice_checks import voice_checks
from shared.brain_settings import BrainSettings
from shared.kernel.errors import Refused
from shared.recording_settings import RecordingSettings
from shared.settings import MachineSettings, read
from shared.speech_settings import SpeechSettings

MARKS = {"good": f"[{GOOD}]✓[/]", "poor": f"[{WAITING}]![/]", "bad": f"[{BAD}]✗[/]"}


class NotReadyToRing(Refused):
    """Something stands against ringing people."""


@click.command()
@with_api
def check(*, api: Api, answer: Answer) -> None:
    """May people be called now, and if not, what is to be done?

    Everything that a call depends on is asked, live: numbers, lists, workers, the carrier, money, the books, and what
    this machine hears, speaks and words replies with.

    Every red line says what to do about it. The exit status is 0 when people may be rung.
    """
    found = api.get("/v1/readiness")
    if api.is_here:
        found["checks"] += [
            *hearing_checks(read(SpeechSettings)),
            *voice_checks(),
            *brain_checks(read(BrainSettings)),
            *prompt_checks(),
            *recording_checks(read(RecordingSettings), home=read(MachineSettings).home),
        ]
        found["is_ready"] = not any(each["grade"] == "bad" for each in found["checks"])
    answer.show(found, lambda console: _draw(console, found))
    bad = [each["about"] for each in found["checks"] if each["grade"] == "bad"]
    if bad:
        raise NotReadyToRing(f"not ready to ring people: {', '.join(bad)}")


def _draw(console: Console, found: dict[str, Any]) -> None:
    table = Table(box=None, pad_edge=False, show_header=False, width=width_of(console))
    table.add_column(no_wrap=True)
    table.add_column(ratio=2)
    table.add_column(ratio=3)
    table.add_column(ratio=3, style="dim")
    for each in found["checks"]:
        table.add_row(MARKS[each["grade"]], each["about"], each["seen"], each["todo"])
    console.print(table)
    console.print("Ready to ring people." if found["is_ready"] else "Not ready: mend the red lines first.")
