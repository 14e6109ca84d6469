"""The calling rules as data: one row per state, each with its source, grade and the day it was verified."""

from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from shared.kernel.errors import Malformed

FILE = Path(__file__).with_name("calling_rules.yaml")
Grade = Literal["P", "P(S)", "S", "V", "M"]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Window(_Row):
    """Hours of one day on the person's own clock; ``opens`` inclusive, ``closes`` exclusive."""

    opens: time
    closes: time

    @model_validator(mode="after")
    def _opens_first(self) -> "Window":
        if self.closes <= self.opens:
            raise ValueError(f"closes at {self.closes} but opens at {self.opens}")
        return self

    def meets(self, other: "Window") -> "Window | None":
        """The hours that both allow, if any."""
        opens, closes = max(self.opens, other.opens), min(self.closes, other.closes)
        return Window(opens=opens, closes=closes) if opens < closes else None


def _read_window(value: Any) -> Any:
    if value == "none":
        return None
    if isinstance(value, str) and value.count("-") == 1:
        opens, closes = value.split("-")
        return {"opens": opens, "closes": closes}
    return value


Hours = Annotated[Window | None, BeforeValidator(_read_window)]


class StateRule(_Row):
    """One state's hours and limits. ``holidays`` ``"none"`` means that nobody is rung on the state's holidays."""

    weekdays: Hours
    saturday: Hours
    sunday: Hours
    holidays: Literal["as usual", "none"] = "as usual"
    attempts_per_24_hours: int | None = Field(default=None, ge=1)
    is_blocked: bool = False
    consent_must_name_ai: bool = False
    note: str = ""
    source: str = Field(min_length=1)
    grade: Grade
    verified_on: date | None

    @property
    def is_primary(self) -> bool:
        """Whether the statute's own text was checked."""
        return self.grade == "P"

    def hours_on(self, weekday: int) -> Window | None:
        """The hours of a weekday (Monday is 0), or ``None`` when nobody is rung."""
        return self.sunday if weekday == 6 else self.saturday if weekday == 5 else self.weekdays


class ExtraHoliday(_Row):
    """A day of the year that a state keeps beyond those of the ``holidays`` package."""

    state: str
    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)
    name: str


class RuleTable(_Row):
    """Every row, with what holds for states that have none and for rows that nobody has verified."""

    version: str
    default: StateRule
    fallback: StateRule
    states: dict[Annotated[str, Field(pattern="^[A-Z]{2}$")], StateRule]
    extra_holidays: tuple[ExtraHoliday, ...] = ()


def read_rules(text: str) -> RuleTable:
    """The table in a YAML text.

    Raises:
        Malformed: The text is not such a table; the message names the row.
    """
    try:
        return RuleTable.model_validate(yaml.safe_load(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise Malformed(f"the calling rules cannot be read: {error}") from error


@cache
def rule_table() -> RuleTable:
    """The table that comes with the product."""
    return read_rules(FILE.read_text(encoding="utf-8"))
