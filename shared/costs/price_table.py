"""The dated price table: one row per thing a call can use, each with its source and the days it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.costs.usage import Component, Unit, Usage
from shared.kernel.errors import Malformed
from shared.kernel.money import Money
from shared.kernel.yaml_text import read_yaml

FILE = Path(__file__).with_name("prices.yaml")
Thing = tuple[Component, str, Unit]
SECONDS_PER_MINUTE = 60
SMALLEST_SHARE = Decimal("0.0001")  # of a minute


class NoPrice(Malformed):
    """No row of the table prices this usage on this day."""

    def __init__(self, usage: Usage, day: date) -> None:
        super().__init__(f"no price for {usage.component} by {usage.vendor} per {usage.unit} on {day}")


class PriceRow(BaseModel):
    """One price: ``usd`` buys ``per`` units; with ``rounds_up`` a begun unit counts as a whole one.

    It holds from ``valid_from`` on, until the day before ``valid_until``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    component: Component
    vendor: str = Field(min_length=1)
    unit: Unit
    usd: Decimal = Field(ge=0)
    per: int = Field(default=1, ge=1)
    rounds_up: bool = False
    source: str = Field(min_length=1)
    grade: Literal["P", "S", "V", "M", "R"]
    valid_from: date
    valid_until: date | None = None

    @property
    def thing(self) -> Thing:
        """What is priced; on any day a table has at most one row for it."""
        return self.component, self.vendor, self.unit

    @property
    def unit_price(self) -> Money:
        """The price of one unit, rounded to the micro-dollar."""
        return Money.usd(self.usd / self.per)

    def holds_on(self, day: date) -> bool:
        """Whether the price holds on that day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def quantity_billed(self, quantity: Decimal) -> Decimal:
        """How many units are paid for."""
        return quantity.to_integral_value(ROUND_CEILING) if self.rounds_up else quantity

    def amount(self, quantity: Decimal) -> Money:
        """What so many units cost."""
        return Money.usd(self.quantity_billed(quantity) * self.usd / self.per)


class _PriceFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    version: str = Field(min_length=1)
    prices: tuple[PriceRow, ...]

    @model_validator(mode="after")
    def _no_overlap(self) -> "_PriceFile":
        last: dict[tuple[Component, str, Unit], PriceRow] = {}
        for row in sorted(self.prices, key=lambda row: row.valid_from):
            before = last.get(row.thing)
            if before and (before.valid_until is None or before.valid_until > row.valid_from):
                raise ValueError(f"two prices hold on {row.valid_from} for {' '.join(row.thing)}")
            if row.valid_until is not None and row.valid_until <= row.valid_from:
                raise ValueError(f"a price for {' '.join(row.thing)} ends before it begins")
            last[row.thing] = row
        return self


@dataclass(frozen=True, kw_only=True, eq=False)
class PriceTable:
    """Every price; ``version`` is written into each cost line that was priced from it."""

    version: str
    rows: tuple[PriceRow, ...]

    def row_for(self, usage: Usage, *, on: date) -> tuple[PriceRow, Decimal]:
        """The row that prices a usage on a day, and the usage's quantity in the row's unit.

        Seconds are priced by the minute where there is no price by the second.

        Raises:
            NoPrice: There is none.
        """
        row = self._row(usage.component, usage.vendor, usage.unit, on)
        if row:
            return row, usage.quantity
        row = self._row(usage.component, usage.vendor, Unit.MINUTE, on) if usage.unit is Unit.SECOND else None
        if row:
            return row, (usage.quantity / SECONDS_PER_MINUTE).quantize(SMALLEST_SHARE)
        raise NoPrice(usage, on)

    def _row(self, component: Component, vendor: str, unit: Unit, on: date) -> PriceRow | None:
        held = self._of_thing.get((component, vendor, unit), ())
        return next((row for row in held if row.holds_on(on)), None)

    @cached_property
    def _of_thing(self) -> Mapping[Thing, Sequence[PriceRow]]:
        found: dict[Thing, list[PriceRow]] = {}
        for row in self.rows:
            found.setdefault(row.thing, []).append(row)
        return found


def read_prices(text: str) -> PriceTable:
    """The table in a YAML text.

    Raises:
        Malformed: The text is no such table, a row has no date or no source, or two rows overlap.
    """
    try:
        file = _PriceFile.model_validate(read_yaml(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise Malformed(f"the price table cannot be read: {error}") from error
    return PriceTable(version=file.version, rows=file.prices)


@cache
def price_table() -> PriceTable:
    """The table that comes with the product."""
    return read_prices(FILE.read_text(encoding="utf-8"))
