"""The states of the United States, their time zones and their area codes."""

from collections.abc import Iterator
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Self
from zoneinfo import available_timezones

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.kernel.errors import Malformed
from shared.kernel.yaml_text import read_yaml

FILE = Path(__file__).with_name("places.yaml")
Zones = tuple[str, ...]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AreaCodes(_Row):
    """Area codes (three digits) that keep the same zones."""

    zones: Zones = Field(min_length=1)
    codes: tuple[int, ...]


class StatePlace(_Row):
    """One state or territory: its name, every zone some part of it keeps, and its area codes."""

    name: str
    zones: Zones = Field(min_length=1)
    area_codes: tuple[AreaCodes, ...]


class Places(_Row):
    """What is known of places; ``states`` by their two letters."""

    source: str
    verified_on: date
    presumed_states: frozenset[str]
    states: dict[str, StatePlace]

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        used = {name for place in self.states.values() for name in place.zones}
        used |= {name for _, _, zones in self._codes() for name in zones}
        unknown = sorted(used - available_timezones())
        if unknown:
            raise ValueError(f"there are no such zones: {unknown}")
        codes = [code for _, code, _ in self._codes()]
        twice = {code for code in codes if codes.count(code) > 1}
        if twice:
            raise ValueError(f"area codes are given twice: {sorted(twice)}")
        return self

    def state_called(self, text: str) -> str | None:
        """The two letters of a state, from its letters or its name in any case; ``None`` when there is none."""
        wanted = " ".join(text.split())
        if wanted.upper() in self.states:
            return wanted.upper()
        return self._by_name.get(wanted.casefold())

    def of_area_code(self, code: str) -> tuple[str, Zones] | None:
        """The state and the zones of an area code, if it is known."""
        return self._by_code.get(code)

    @cached_property
    def _by_name(self) -> dict[str, str]:
        return {place.name.casefold(): letters for letters, place in self.states.items()}

    @cached_property
    def _by_code(self) -> dict[str, tuple[str, Zones]]:
        return {str(code): (state, zones) for state, code, zones in self._codes()}

    def _codes(self) -> Iterator[tuple[str, int, Zones]]:
        for state, place in self.states.items():
            for group in place.area_codes:
                yield from ((state, code, group.zones) for code in group.codes)


def read_places(text: str) -> Places:
    """The table in a YAML text.

    Raises:
        Malformed: The text is not such a table.
    """
    try:
        return Places.model_validate(read_yaml(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise Malformed(f"the table of places cannot be read: {error}") from error


@cache
def places() -> Places:
    """The table that comes with the product."""
    return read_places(FILE.read_text(encoding="utf-8"))
