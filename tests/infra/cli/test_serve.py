"""``reauto serve``: what it starts, what it says, how others find it; the machine itself is tested elsewhere."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from infra.cli.commands import reauto
from infra.cli.demo.command import OUR_PEOPLE
from infra.cli.holding import hold
from infra.cli.serve.carrier import is_real
from infra.cli.serve.run import run_serve
from infra.cli.serve.wishes import ServeWishes
from infra.cli.serving import NotServing, find_server, read_key
from infra.local.environment import Environment
from infra.local.machine import Machine, Plan, machine_now
from infra.simulator.people.persona import load_personas
from shared.kernel.clock import CivilClock
from shared.kernel.errors import Malformed, Unavailable
from shared.settings import CarrierSettings, MachineSettings, read

MANY = len(load_personas(OUR_PEOPLE))
WISHES = ServeWishes(port=0, node_port=0, slots=3, personas=OUR_PEOPLE, as_json=False)


class Parts:
    """Running parts; the second look at them is the one at which ``end`` happens."""

    def __init__(self, end: BaseException) -> None:
        self._end = end
        self._looks = 0

    def check(self) -> None:
        self._looks += 1
        if self._looks > 1:
            raise self._end


class Starter:
    """Starts nothing, and remembers what it should have started."""

    def __init__(self, home: Path, end: BaseException) -> None:
        self.home = home
        self.end = end
        self.seen: list[str] = []

    @contextmanager
    def __call__(self, plan: Plan, *, tell: Callable[[str], None]) -> Iterator[Machine]:
        self.plan = plan
        tell("starting PostgreSQL and Redis")
        environment = Environment(
            home=self.home,
            port=8420,
            database_url="",
            node_database_url="",
            redis_url="",
            personas=plan.personas,
            slots=plan.slots,
            civil_time=plan.civil_time,
            api_key=plan.api_key,
        )
        parts = Parts(self.end)
        yield Machine(environment=environment, supervisor=parts, clock=CivilClock(machine_now))  # type: ignore[arg-type]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MachineSettings:
    monkeypatch.setenv("REAUTO_HOME", str(tmp_path))
    monkeypatch.setattr("infra.cli.holding.LOOK_EVERY_SECONDS", 0)
    return read(MachineSettings)


def served(settings: MachineSettings, end: BaseException, wishes: ServeWishes = WISHES) -> tuple[Starter, str]:
    starter = Starter(settings.home, end)
    console = Console(file=io.StringIO(), width=80)
    run_serve(wishes, settings=settings, console=console, start=starter)
    return starter, console.file.getvalue()  # type: ignore[attr-defined]


def test_it_runs_on_a_database_that_lasts_at_the_real_time(settings: MachineSettings) -> None:
    starter, _ = served(settings, KeyboardInterrupt())

    assert (starter.plan.database, starter.plan.is_fresh, starter.plan.civil_time) == ("reauto", False, None)
    assert starter.plan.api_key == read_key(settings.home)


def test_it_says_where_everything_is_and_leaves_when_asked(settings: MachineSettings) -> None:
    _, said = served(settings, KeyboardInterrupt())

    assert "http://127.0.0.1:8420/v1/docs" in said
    assert str(settings.home / "api-key") in said
    assert f"simulated: {MANY} people, listed for import in {settings.home / 'people.csv'}" in said
    assert said.endswith("Stopping …\n")
    assert (settings.home / "people.csv").read_text().count("\n") == 1 + MANY
    with pytest.raises(NotServing):
        find_server(settings.home)


def test_with_a_real_carrier_nobody_is_simulated(settings: MachineSettings) -> None:
    wishes = ServeWishes(port=1, node_port=2, slots=3, personas=None, as_json=False)
    starter, said = served(settings, KeyboardInterrupt(), wishes)

    assert starter.plan.personas is None
    assert "telephones  real" in said
    assert not (settings.home / "people.csv").exists()


def test_a_part_that_ends_ends_the_server(settings: MachineSettings) -> None:
    with pytest.raises(Unavailable, match="redis has ended"):
        served(settings, Unavailable("redis has ended"))
    with pytest.raises(NotServing):
        find_server(settings.home)


def test_json_says_the_same(settings: MachineSettings, capsys: pytest.CaptureFixture[str]) -> None:
    wishes = ServeWishes(port=0, node_port=0, slots=3, personas=OUR_PEOPLE, as_json=True)
    served(settings, KeyboardInterrupt(), wishes)

    told = json.loads(capsys.readouterr().out)
    assert told["url"] == "http://127.0.0.1:8420"
    assert told["simulated_people"] == MANY


def test_an_account_needs_addresses_at_which_the_carrier_reaches_us(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_real(read(CarrierSettings))

    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC1")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "secret")
    with pytest.raises(Malformed, match=r"PUBLIC_BASE_URL \(where .*NODE_URL \(where"):
        is_real(read(CarrierSettings))

    monkeypatch.setenv("PUBLIC_BASE_URL", "https://calls.example.com")
    monkeypatch.setenv("NODE_URL", "wss://voice.example.com")
    assert is_real(read(CarrierSettings))


def test_the_command_says_what_is_missing_before_it_starts_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC1")

    result = CliRunner().invoke(reauto, ["serve"], standalone_mode=False)

    assert isinstance(result.exception, Malformed)
    assert "TWILIO_AUTH_TOKEN" in str(result.exception)


def test_holding_ends_when_asked(settings: MachineSettings) -> None:
    starter = Starter(settings.home, KeyboardInterrupt())
    with starter(Plan(settings=settings, database="x", is_fresh=True, personas=None), tell=print) as machine:
        hold(machine)
