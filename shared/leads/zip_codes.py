"""ZIP codes: the states and the zones that one may mean."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Self
from zoneinfo import available_timezones

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from shared.kernel.errors import Malformed
from shared.kernel.yaml_text import read_yaml
from shared.leads.places import Zones, places

FILE = Path(__file__).with_name("zip_codes.yaml")
ZIP = re.compile(r"\s*(\d{5})(?:[-\s]?\d{4})?\s*")
Place = tuple[str, Zones]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StateCodes(_Row):
    """One state's codes, ranges such as ``350-352`` among them; ``elsewhere``: zones → prefixes. Spaces part them."""

    zone: str
    prefixes: str = ""
    codes: str = ""
    elsewhere: dict[str, str] = {}

    def entries(self) -> Iterator[tuple[str, Zones]]:
        """Every prefix (three digits) and code (five) with its zones."""
        told: dict[str, Zones] = {code: (self.zone,) for text in (self.prefixes, self.codes) for code in _codes(text)}
        for zones, text in self.elsewhere.items():
            told |= {code: tuple(zones.split()) for code in _codes(text)}
        yield from told.items()


class ZipCodes(_Row):
    """The whole table; ``states`` by their two letters."""

    source: str
    verified_on: date
    states: dict[str, StateCodes]

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        unknown = sorted(set(self.states) - set(places().states))
        entries = [entry for row in self.states.values() for entry in row.entries()]
        lost = sorted({zone for _, told in entries for zone in told} - available_timezones())
        twice = sorted(code for code, times in Counter(code for code, _ in entries).items() if times > 1)
        if unknown or lost or twice:
            raise ValueError(f"no such states: {unknown}; no such zones: {lost}; given twice: {twice}")
        return self

    @cached_property
    def _by_code(self) -> dict[str, Place]:
        return {code: (state, zones) for state, row in self.states.items() for code, zones in row.entries()}

    def place_of(self, text: str) -> Place | None:
        """The state and every zone of a ZIP code (five digits, with or without four more), if it is known."""
        parts = ZIP.fullmatch(text)
        if parts is None:
            return None
        code = parts[1]
        return self._by_code.get(code) or self._by_code.get(code[:3])


def _codes(text: str) -> Iterator[str]:
    for part in text.split():
        first, _, last = part.partition("-")
        yield from (f"{code:0{len(first)}d}" for code in range(int(first), int(last or first) + 1))


def read_zip_codes(text: str) -> ZipCodes:
    """The table in a YAML text.

    Raises:
        Malformed: The text is not such a table.
    """
    try:
        return ZipCodes.model_validate(read_yaml(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise Malformed(f"the table of ZIP codes cannot be read: {error}") from error


@cache
def zip_codes() -> ZipCodes:
    """The table that comes with the product."""
    return read_zip_codes(FILE.read_text(encoding="utf-8"))
