"""The system from its start to Ctrl-C."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any, Protocol

import click
from rich.console import Console

from infra.cli.demo.leads import leads_csv
from infra.cli.demo.stage import SELLER
from infra.cli.holding import hold
from infra.cli.looks import counted
from infra.cli.phases import Phases
from infra.cli.serve.wishes import ServeWishes
from infra.cli.serving import KEY_FILE, persistent_key, persistent_recording_keys, published
from infra.local.machine import Machine, Plan, running
from infra.simulator.people.persona import load_personas
from shared.settings import MachineSettings

DATABASE = "reauto"
PEOPLE_FILE = "people.csv"


class Start(Protocol):
    """How a machine is started; leaving the context stops it."""

    def __call__(self, plan: Plan, *, tell: Callable[[str], None]) -> AbstractContextManager[Machine]:
        """Start it."""
        ...


def run_serve(wishes: ServeWishes, *, settings: MachineSettings, console: Console, start: Start = running) -> None:
    """Start everything on the installation's own database, and stand by.

    Raises:
        Unavailable: A part could not be started, or has ended.
    """
    people = load_personas(wishes.personas) if wishes.personas else ()
    plan = Plan(
        settings=settings,
        database=DATABASE,
        is_fresh=False,
        personas=wishes.personas,
        port=wishes.port,
        node_port=wishes.node_port,
        slots=wishes.slots,
        api_key=persistent_key(settings.home),
        recording_keys=persistent_recording_keys(settings.home),
    )
    with ExitStack() as stack:
        with Phases(console) as tell:
            machine = stack.enter_context(start(plan, tell=tell))
        stack.enter_context(published(settings.home, machine.api_url))
        home = machine.environment.home
        if people:
            listed = leads_csv(people, seller=SELLER, now=machine.clock.now())
            (home / PEOPLE_FILE).write_text(listed, encoding="utf-8")
        where = _where(machine, home, simulated=len(people))
        if wishes.as_json:
            click.echo(json.dumps(where, indent=2))
        else:
            _say(where, console, seconds=tell.seconds)
        hold(machine)
        console.print("Stopping …")


def _where(machine: Machine, home: Path, *, simulated: int) -> dict[str, Any]:
    return {
        "url": machine.api_url,
        "docs": f"{machine.api_url}/v1/docs",
        "api_key_file": str(home / KEY_FILE),
        "logs": str(home / "logs"),
        "recordings": machine.environment.recordings,
        "simulated_people": simulated,
        "list_of_people": str(home / PEOPLE_FILE) if simulated else None,
    }


def _say(where: dict[str, Any], console: Console, *, seconds: float) -> None:
    """Where everything is, and what to do next."""
    lines = [
        f"Everything runs after {seconds:.1f} s.",
        f"API         {where['url']}, described at {where['docs']}",
        f"key         in {where['api_key_file']}; reauto's other commands find it by themselves",
        f"recordings  {where['recordings']}",
        f"logs        {where['logs']}",
    ]
    if where["simulated_people"]:
        listed = f"{counted(where['simulated_people'], 'person').replace('persons', 'people')}, listed for import in"
        lines.append(f"telephones  simulated: {listed} {where['list_of_people']}")
    else:
        lines.append("telephones  real: the carrier's account is used, and people are rung")
    lines += [
        "Talk to the agent in the browser with `reauto talk`.",
        "Next: `reauto seller create`, `agent create`, `campaign create`, `import`, `campaign start`.",
        "Ctrl-C stops everything.",
    ]
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)
