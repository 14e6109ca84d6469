"""``reauto serve``: the command and its options."""

from pathlib import Path

import click
from rich.console import Console

from infra.cli.ctrl_c import leaving_at_once
from infra.cli.demo.command import OUR_PEOPLE
from infra.cli.phases import Phases
from infra.cli.serve.carrier import is_real
from infra.cli.serve.wishes import ServeWishes
from shared.settings import CarrierSettings, MachineSettings, WorkerSettings, read
from voice_node.admission_number import measured
from voice_node.pool.family import cores

API_PORT, NODE_PORT = 8420, 8421
SLOTS, MOST_SLOTS = 6, 40


@click.command(short_help="Run the whole system until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65535), default=API_PORT, show_default=True, help="API; 0: a free one.")
@click.option(
    "--node-port",
    type=click.IntRange(0, 65535),
    default=NODE_PORT,
    show_default=True,
    help="Voice node; 0: a free one.",
)
@click.option(
    "--slots",
    type=click.IntRange(1, MOST_SLOTS),
    help=f"Calls at once; without it as many as measured here, or {SLOTS}.",
)
@click.option(
    "--personas", type=click.Path(path_type=Path), default=OUR_PEOPLE, help="Whom a simulated carrier rings: a folder."
)
@click.option("--json", "as_json", is_flag=True, help="Print where everything is as JSON, once it runs.")
def serve(port: int, node_port: int, slots: int | None, personas: Path, as_json: bool) -> None:
    """Run the whole system on this machine until Ctrl-C; its data stays in .reauto/ (REAUTO_HOME).

    With TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, PUBLIC_BASE_URL and NODE_URL set, real telephones ring. Without them a
    simulated carrier rings simulated people.
    """
    settings = read(MachineSettings)
    wishes = ServeWishes(
        port=port,
        node_port=node_port,
        slots=slots or min(_measured_calls() or SLOTS, MOST_SLOTS),
        personas=None if is_real(read(CarrierSettings)) else personas,
        as_json=as_json,
    )
    console = Console(stderr=as_json, highlight=False)
    with Phases(console) as tell, leaving_at_once():
        tell("loading")
        from infra.cli.serve.run import run_serve  # takes seconds; something is to be seen before
    run_serve(wishes, settings=settings, console=console)


def _measured_calls() -> int | None:
    """What all workers of this machine hold together, if that was measured."""
    of_one = measured(read(WorkerSettings).admission)
    return of_one * cores() if of_one else None
