"""``reauto demo``: the command and its options."""

from datetime import datetime
from pathlib import Path

import click
from rich.console import Console

import infra.simulator
from infra.cli.ctrl_c import leaving_at_once
from infra.cli.demo.wishes import Wishes
from infra.cli.phases import Phases
from shared.kernel.errors import Malformed
from shared.settings import MachineSettings, read

OUR_PEOPLE = Path(infra.simulator.__file__).parent / "personas"


def _moment(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise Malformed(f"--at {value!r} is not a moment: write it like 2026-12-25T08:00+00:00") from error
    if moment.tzinfo is None:
        raise Malformed(f"--at {value!r} lacks a zone: write it like 2026-12-25T08:00+00:00")
    return moment


@click.command(short_help="Ring simulated people, on this machine alone.")
@click.option(
    "--personas", type=click.Path(path_type=Path), default=OUR_PEOPLE, help="Ring the people of another folder."
)
@click.option("--at", callback=_moment, help="Pretend that it is this moment (ISO 8601 with a zone).")
@click.option("--concurrency", type=click.IntRange(1, 40), default=6, show_default=True, help="Calls at once.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the API; 0 takes a free one.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/demo"), show_default=True, help="Reports.")
@click.option("--keep", is_flag=True, help="Leave everything running after the report, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print report.json instead of tables.")
def demo(
    personas: Path, at: datetime | None, concurrency: int, port: int, out: Path, keep: bool, as_json: bool
) -> None:
    """Ring simulated people over real audio and book appointments, on this machine alone.

    Starts a PostgreSQL, a Redis, the functions, the voice node and a simulated carrier, imports a list of leads,
    runs a campaign, and shows what came of every call. Nothing leaves the machine.
    """
    settings = read(MachineSettings)
    wishes = Wishes(
        personas=personas,
        at=at,
        concurrency=concurrency,
        port=port,
        out=out,
        keep=keep or settings.keep,
        as_json=as_json,
    )
    console = Console(stderr=as_json)
    with Phases(console) as tell, leaving_at_once():
        tell("loading")
        from infra.cli.demo.run import run_demo  # takes seconds; something is to be seen before
    run_demo(wishes, settings=settings, console=console, out=Console())
