"""The demo from the first process to the last word of its report."""

import json
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from rich.console import Console

from infra.cli.api import Api
from infra.cli.demo.books import Books
from infra.cli.demo.leads import leads_csv
from infra.cli.demo.measure import measure
from infra.cli.demo.moment import demo_moment
from infra.cli.demo.page import Listen, write_page
from infra.cli.demo.progress import watch
from infra.cli.demo.result import Result
from infra.cli.demo.screen import print_result
from infra.cli.demo.stage import SELLER, set_stage
from infra.cli.demo.wishes import Wishes
from infra.cli.holding import hold
from infra.cli.looks import moment
from infra.cli.phases import Phases
from infra.cli.serving import KEY_FILE, persistent_key, persistent_recording_keys, published
from infra.local.environment import Environment
from infra.local.machine import Machine, Plan, machine_now, running
from infra.simulator.people.persona import Persona, load_personas
from shared.adapters.recordings.keyring import Keyring
from shared.adapters.recordings.seal import unseal
from shared.adapters.recordings.store import make_store
from shared.kernel.clock import CivilTime
from shared.kernel.errors import NotFound, Refused, Unavailable
from shared.recording_settings import RecordingSettings
from shared.settings import MachineSettings
from shared.storage.engine import make_engine

DATABASE = "reauto_demo"
RECORDING_SECONDS = 10.0


class DemoFailed(Refused):
    """Somebody was treated otherwise than expected."""


def run_demo(wishes: Wishes, *, settings: MachineSettings, console: Console, out: Console) -> None:
    """Run everything.

    Raises:
        DemoFailed: More than one person, or anybody the law protects, ended otherwise than expected.
    """
    personas = load_personas(wishes.personas)
    _make(wishes.out)
    now = machine_now()
    civil = CivilTime(machine=now, civil=demo_moment(wishes.at or now))
    plan = Plan(
        settings=settings,
        database=DATABASE,
        is_fresh=True,
        personas=wishes.personas,
        port=wishes.port,
        slots=wishes.concurrency + 1,
        civil_time=civil,
        api_key=persistent_key(settings.home),
        recording_keys=persistent_recording_keys(settings.home),
    )
    with ExitStack() as stack:
        with Phases(console) as tell:
            machine = stack.enter_context(running(plan, tell=tell))
        stack.enter_context(published(settings.home, machine.api_url))
        console.print(f"Everything runs after {tell.seconds:.1f} s. It is {moment(civil.civil)}.", highlight=False)
        result = _hold(machine, personas, wishes, started=civil.civil, console=console)
        if wishes.as_json:
            out.print_json(data=result.as_json())
        else:
            print_result(result, console)
        _say_where(wishes.out, machine, console)
        if wishes.keep:
            _wait(machine, console)
    if result.failure:
        raise DemoFailed(result.failure)


def _make(folder: Path) -> None:
    """Make the folder of the reports now, not after minutes of calls."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"{folder} cannot be written: {error.strerror}") from error


def _hold(
    machine: Machine, personas: Sequence[Persona], wishes: Wishes, *, started: datetime, console: Console
) -> Result:
    """Run the campaign to its end, measure it, and write the reports."""
    leads = wishes.out / "leads.csv"
    leads.write_text(leads_csv(personas, seller=SELLER, now=machine.clock.now()), encoding="utf-8")
    api = Api(machine.api_url, machine.environment.api_key)
    engine = make_engine(machine.environment.database_url, pool_size=2)
    try:
        campaign_id = set_stage(api, leads=leads, concurrency=wishes.concurrency, console=console)
        books = Books(engine, campaign_id)
        watch(machine, books, console)
        result = measure(books, machine, personas, started=started)
    finally:
        api.close()
        engine.dispose()
    (wishes.out / "report.json").write_text(json.dumps(result.as_json(), indent=2) + "\n", encoding="utf-8")
    write_page(result, wishes.out, listen=_listener(machine.environment))
    return result


def _listener(environment: Environment) -> Listen:
    """What opens a recording of the demo, for its page; the people in it are simulated.

    The last ones are still on their way when their calls are over: all together they are waited for a while.
    """
    store = make_store(RecordingSettings(RECORDINGS=environment.recordings))
    keyring = Keyring.parse(environment.recording_keys)
    until = time.monotonic() + RECORDING_SECONDS

    def listen(name: str) -> bytes | None:
        while store is not None:
            try:
                return unseal(store.get(name), keyring, name=name).wav()
            except NotFound:
                if time.monotonic() > until:
                    break
                time.sleep(0.1)
        return None

    return listen


def _say_where(folder: Path, machine: Machine, console: Console) -> None:
    console.print(f"Report: {folder / 'report.html'} (and report.json)", highlight=False)
    console.print(
        f"Recordings: {machine.environment.recordings}; logs: {machine.environment.home / 'logs'}", highlight=False
    )


def _wait(machine: Machine, console: Console) -> None:
    """Leave everything running until Ctrl-C."""
    console.print(
        f"The API is at {machine.api_url} (described at /v1/docs), its key in {machine.environment.home / KEY_FILE}"
    )
    console.print("Look at it with `reauto campaign list` and its like. Ctrl-C stops everything.")
    hold(machine)
