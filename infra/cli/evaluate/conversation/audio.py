"""Audio mode: scenarios rung on this machine, over real sound, and judged by what is kept of the calls."""

import json
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC

import click
from rich.console import Console

from infra.cli.api import Api
from infra.cli.demo.books import Books
from infra.cli.demo.moment import demo_moment
from infra.cli.evaluate.conversation.audio_ended import ended_call
from infra.cli.evaluate.conversation.audio_stage import Part, cast_parts, playable, set_stage, write_people
from infra.cli.evaluate.conversation.judge import Checks, Fault, judge
from infra.cli.evaluate.conversation.run import Pass, Played
from infra.cli.evaluate.conversation.scenario import NOON_OF_A_TUESDAY, BrokenScenario, Scenario
from infra.cli.evaluate.conversation.screen import print_passes
from infra.cli.evaluate.conversation.text_mode import chosen, found_wanting, pass_as_json
from infra.cli.evaluate.conversation.wishes import Wishes
from infra.cli.phases import Phases
from infra.cli.serving import persistent_recording_keys
from infra.local.machine import Machine, Plan, machine_now, running
from infra.local.passing import reachable_folder
from infra.simulator.town import read_diary
from shared.conversation.script import script_names
from shared.kernel.clock import CivilTime
from shared.kernel.errors import Unavailable
from shared.settings import MachineSettings
from shared.storage.engine import make_engine
from shared.storage.suppressions import SqlSuppressionRepository

MOST = 20
AT_ONCE = 4
"""Calls on two processors, which are the carrier's and the people's, too."""
LONGEST_SECONDS = 900.0
LOOK_EVERY_SECONDS = 1.0
NEWEST = 1000


def evaluate_audio(wishes: Wishes, console: Console) -> list[str]:
    """Ring what can be rung of the scenarios that were asked for; returns what did not hold.

    Raises:
        BrokenScenario: None of them can be rung.
        Unavailable: The system does not start, or its calls do not end.
    """
    with Phases(console) as tell:
        played = play_aloud(chosen(wishes), tell)
    print_passes([played], console, shows_all=wishes.shows_all)
    if wishes.as_json:
        click.echo(json.dumps({"passes": [pass_as_json(played)]}, indent=2))
    return found_wanting([played])


def play_aloud(scenarios: Sequence[Scenario], tell: Callable[[str], None], *, most: int = MOST) -> Pass:
    """Ring those of the scenarios that can be rung, ``most`` at most.

    The recogniser is told what the people may say: it is the road from sound to the end of a call that is measured
    here, and ``reauto evaluate speech`` measures how it hears wording that it does not know.

    Raises:
        BrokenScenario: None of them can be rung.
        Unavailable: The system does not start, or its calls do not end.
    """
    parts = cast_parts(playable(scenarios, script_names(), most=most))
    if not parts:
        raise BrokenScenario("none of these scenarios can be rung")
    with reachable_folder() as folder:
        people, phrases = folder / "people", folder / "phrases.txt"
        write_people(parts, people, phrases)
        settings = MachineSettings.model_validate({"REAUTO_HOME": folder / "home"})
        now = machine_now()
        plan = Plan(
            settings=settings,
            database="reauto_evaluation",
            is_fresh=True,
            personas=people,
            slots=AT_ONCE,
            civil_time=CivilTime(machine=now, civil=demo_moment(NOON_OF_A_TUESDAY.replace(tzinfo=UTC))),
            recording_keys=persistent_recording_keys(settings.home),
            our_numbers=tuple(part.our_number for part in parts),
            phrases=phrases,
        )
        with running(plan, tell=tell) as machine, closing(Api(machine.api_url, machine.environment.api_key)) as api:
            began = time.perf_counter()
            tell("setting the stage")
            staged = set_stage(api, parts, now=machine.clock.now())
            return _held(machine, staged, tell, began=began)


def _held(machine: Machine, parts: Sequence[Part], tell: Callable[[str], None], *, began: float) -> Pass:
    """Wait for the calls to end, and judge them."""
    engine = make_engine(machine.environment.database_url, pool_size=2)
    try:
        books = {part.scenario.name: Books(engine, part.campaign_id) for part in parts if part.campaign_id}
        _wait(machine, list(books.values()), tell)
        diary = {record.phone: len(record.lines) for record in reversed(read_diary(machine.environment.diary))}
        suppressions = SqlSuppressionRepository(engine).newest(limit=NEWEST)
        played = []
        for part in parts:
            record = books[part.scenario.name].records()[0]
            call = ended_call(record, suppressions, diary.get(part.persona.phone, 0))
            if call is None:
                why = ", ".join(record.refusals) or "no report of it"
                fault = Fault(about="the call", text=f"was not held: {why}", is_compliance=True)
                played.append(Played(scenario=part.scenario, checks=Checks(compliance=1, rest=1, faults=(fault,))))
            else:
                played.append(Played(scenario=part.scenario, checks=judge(part.scenario, call), ended=call))
    finally:
        engine.dispose()
    return Pass(played=tuple(played), seconds=time.perf_counter() - began)


def _wait(machine: Machine, books: Sequence[Books], tell: Callable[[str], None]) -> None:
    """Until nothing more happens soon.

    Raises:
        Unavailable: A part of the machine has ended, or the calls take far too long.
    """
    until = time.monotonic() + LONGEST_SECONDS
    while True:
        over = sum(_is_over(each, machine) for each in books)
        tell(f"{over} of {len(books)} calls are over")
        if over == len(books):
            return
        if time.monotonic() > until:
            raise Unavailable(f"{len(books) - over} calls did not end within {LONGEST_SECONDS:.0f} s")
        machine.supervisor.check()
        time.sleep(LOOK_EVERY_SECONDS)


def _is_over(books: Books, machine: Machine) -> bool:
    return books.is_finished(books.standings(), machine.clock.now())
