"""``reauto call``: everything that is known of one call."""

from getpass import getuser
from pathlib import Path

import click

from infra.cli.analysing import analysed_anew
from infra.cli.analysis_screen import draw_analyses
from infra.cli.api import Api
from infra.cli.call_screen import draw_call
from infra.cli.listen import keyring_of, opened, written
from infra.cli.reach import Answer, with_api
from infra.cli.replay_screen import draw_replay
from shared.settings import MachineSettings, read


@click.group()
def call() -> None:
    """Single calls; `reauto campaign show` names them."""


@call.command("show")
@click.argument("attempt")
@with_api
def show(*, attempt: str, api: Api, answer: Answer) -> None:
    """All that is known of the call ATTEMPT.

    What was said, why it was allowed, what it came to and what it cost.
    """
    found = api.get(f"/v1/attempts/{attempt}")
    answer.show(found, lambda console: draw_call(console, found))


@call.command("analyse")
@click.argument("attempts", nargs=-1, required=True, metavar="ATTEMPT...")
@click.option("--wait", type=click.FloatRange(0, 600), default=20.0, show_default=True, help="Seconds to wait at most.")
@with_api
def analyse(*, attempts: tuple[str, ...], wait: float, api: Api, answer: Answer) -> None:
    """Find out again how the calls ATTEMPT... went, with the rules and the model of today.

    The voice node does it behind its calls: the summary, the facts with their words, the mood, the quality.
    """
    found = analysed_anew(attempts, api, patience_seconds=wait)
    answer.show(found, lambda console: draw_analyses(console, found))


@call.command("replay")
@click.argument("attempt")
@with_api
def replay(*, attempt: str, api: Api, answer: Answer) -> None:
    """Take every decision for the call ATTEMPT again: is it the same?

    Each decision is kept with all that it was taken from. It is taken again from that alone, which must give the
    same answer. Then it is asked what today's rules would say of the same facts, and which rule data has changed.
    """
    found = api.get(f"/v1/attempts/{attempt}/decisions/replay")
    answer.show(found, lambda console: draw_replay(console, found))


@call.command("recording")
@click.argument("attempt")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The WAV file to make.")
@click.option("--why", default="", help="What for; it is written down with your name.")
@with_api
def recording(*, attempt: str, out: Path, why: str, api: Api, answer: Answer) -> None:
    """Write the recording of the call ATTEMPT into a file that can be played: left the caller, right the agent.

    It is opened on this machine, with the keys in RECORDING_KEYS or in .reauto/. Who asked, and when, stays on record.
    """
    keyring = keyring_of(read(MachineSettings).home)
    lent = api.post(f"/v1/attempts/{attempt}/recordings", {"by": getuser(), "why": why})
    sounds = opened(lent, keyring)
    files = written(sounds, out)
    lines = [
        f"{file}: {sound.seconds:.0f} s" + ("" if sound.is_whole else "; its end is missing")
        for file, sound in zip(files, sounds, strict=True)
    ]
    parts = [
        {"file": str(file), "name": sound.name, "seconds": sound.seconds, "is_whole": sound.is_whole}
        for file, sound in zip(files, sounds, strict=True)
    ]
    answer.say(parts, "\n".join(lines))
