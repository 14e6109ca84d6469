"""A scenario: what is known before a call, the person, and how it must end.

One YAML file is one scenario; ``infra/evaluation/README.md`` explains every key.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

import infra
from infra.simulator.people.persona import Rule
from shared.kernel.errors import Malformed
from shared.kernel.yaml_text import read_yaml
from shared.kernel.zones import zone
from shared.outcomes import Disposition

OURS = Path(infra.__file__).parent / "evaluation" / "scenarios"
SETS = ("dev", "held_out")
NOON_OF_A_TUESDAY = datetime.fromisoformat("2026-03-10T12:00")
"""On the clock of the person, whatever that is."""
Compliance = Literal["opt_out", "honest_robot", "no_booking", "recording_stops", "fair_housing", "no_promises"]


class BrokenScenario(Malformed):
    """A scenario file cannot be used; the message names the file, the key and the reason."""


class Part(BaseModel):
    """A piece of a scenario: nothing unknown, nothing changed later."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CallPart(Part):
    """What is known before the call. Moments are on the person's clock, without a zone."""

    direction: Literal["outbound", "inbound"] = "outbound"
    first_name: str = "Alex"
    last_name: str = "Morgan"
    subject: str = "12 Oak Street"
    source: str = "home-value.example"
    asked_days_ago: int | None = 2
    timezone: str = "America/Chicago"
    now: datetime = NOON_OF_A_TUESDAY
    busy: tuple[datetime, ...] = ()
    booked: datetime | None = None
    transfer: bool = False
    recorded: bool = False
    earlier: Mapping[str, Any] = Field(default_factory=dict)

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            return zone(value).key
        except Malformed as error:
            raise ValueError(str(error)) from error


class PersonPart(Part):
    """The person, as a persona answers (``infra.simulator.people.mind.Manners``)."""

    greeting: str = ""
    answers: Mapping[str, str | tuple[str, ...]] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    turns: Mapping[int, str] = Field(default_factory=dict)
    silent_turns: tuple[int, ...] = ()
    hangs_up_after: int | None = Field(default=None, ge=1)


class WorldPart(Part):
    """What goes wrong around the call."""

    first_slot_is_taken: bool = False
    booking_is_down: bool = False
    opt_out_is_down: bool = False


class Expected(Part):
    """How the call must end."""

    disposition: Disposition
    or_else: tuple[Disposition, ...] = ()
    appointment: datetime | Literal["none", "any"] | None = None
    callback: datetime | Literal["any"] | None = None
    facts: Mapping[str, Any] = Field(default_factory=dict)
    says: tuple[str, ...] = ()
    never_says: tuple[str, ...] = ()
    most_turns: int = Field(default=30, ge=1)
    compliance: tuple[Compliance, ...] = ()


class Scenario(Part):
    """One whole call."""

    version: Literal[1]
    name: str
    about: str = ""
    script: str
    call: CallPart = CallPart()
    person: PersonPart
    world: WorldPart = WorldPart()
    expected: Expected

    @cached_property
    def clock_zone(self) -> ZoneInfo:
        """The person's zone."""
        return ZoneInfo(self.call.timezone)

    def on_clock(self, wall: datetime) -> datetime:
        """A moment of the person's clock, aware."""
        return wall.replace(tzinfo=self.clock_zone)


def load_scenarios(places: Sequence[Path]) -> tuple[Scenario, ...]:
    """Every scenario of these files and folders, sub-folders included, by path.

    Raises:
        BrokenScenario: A place is missing or empty, a file is not valid, or two have one name.
    """
    files = [file for place in places for file in _files(place)]
    scenarios: dict[str, tuple[Path, Scenario]] = {}
    for file in files:
        scenario = _load(file)
        other, _ = scenarios.setdefault(scenario.name, (file, scenario))
        if other is not file:
            raise BrokenScenario(f"{file}: name: {scenario.name!r} belongs to {other} already")
    return tuple(scenario for _, scenario in scenarios.values())


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
        return
    files = sorted(place.rglob("*.yaml")) if place.is_dir() else []
    if not files:
        raise BrokenScenario(f"{place}: no scenario (*.yaml) here")
    yield from files


def _load(file: Path) -> Scenario:
    try:
        return Scenario.model_validate(read_yaml(file.read_text(encoding="utf-8")))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise BrokenScenario(f"{file}: line {line}: {error.problem}") from error
    except UnicodeDecodeError as error:
        raise BrokenScenario(f"{file}: is not UTF-8 text") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "file"
        raise BrokenScenario(f"{file}: {key}: {first['msg'].removeprefix('Value error, ')}") from error
