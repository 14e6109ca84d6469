"""The calling rules as data: one row per state, each with its source, grade and the day it was verified."""

from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from shared.campaigns.sign_off import StatePolicy
from shared.kernel.errors import Malformed
from shared.kernel.yaml_text import SafeLoader
from shared.leads.places import places

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
        if other.opens <= self.opens and self.closes <= other.closes:
            return self
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
    """One state's hours and limits.

    ``holidays`` ``"none"`` means that nobody is rung on the state's holidays. ``policy`` holds until the seller's
    counsel has signed off another one. ``own_list``: its own do-not-call list must be at hand. ``licence``:
    ``"required"`` needs a signature with a licence, ``"open"`` is a question for counsel that stops nobody.
    """

    weekdays: Hours
    saturday: Hours
    sunday: Hours
    holidays: Literal["as usual", "none"] = "as usual"
    attempts_per_24_hours: int | None = Field(default=None, ge=1)
    hours_between_attempts: int | None = Field(default=None, ge=1, le=24)
    policy: StatePolicy = StatePolicy.ALLOW
    own_list: bool = False
    licence: Literal["none", "open", "required"] = "none"
    note: str = ""
    source: str = Field(min_length=1)
    grade: Grade
    verified_on: date | None

    @model_validator(mode="after")
    def _says_when(self) -> "StateRule":
        if self.grade == "P" and self.verified_on is None and not self.note:
            raise ValueError("a row graded P needs the day on which its text was checked, or a note why there is none")
        return self

    @property
    def is_primary(self) -> bool:
        """Whether the statute's own text was checked, on a day that is known."""
        return self.grade == "P" and self.verified_on is not None

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

    version: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}(\.\d+)?$")
    default: StateRule
    fallback: StateRule
    states: dict[Annotated[str, Field(pattern="^[A-Z]{2}$")], StateRule]
    extra_holidays: tuple[ExtraHoliday, ...] = ()

    @model_validator(mode="after")
    def _knows_its_states(self) -> "RuleTable":
        named = {*self.states, *(each.state for each in self.extra_holidays)}
        unknown = sorted(named - set(places().states))
        if unknown:
            raise ValueError(f"there are no such states: {', '.join(unknown)}")
        for state, row in self.states.items():
            for weekday in range(7):
                own, widest = row.hours_on(weekday), self.default.hours_on(weekday)
                if own and widest and own.meets(widest) is None:
                    raise ValueError(f"{state}: no hour of weekday {weekday} is within the federal ones")
        return self


class _OneOfEach(SafeLoader):  # type: ignore[misc]
    """Refuses a key that is given twice: the later row would replace the earlier one without a word."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.YAMLError(f"given twice: {', '.join(twice)}")
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made


def read_rules(text: str) -> RuleTable:
    """The table in a YAML text.

    Raises:
        Malformed: The text is not such a table; the message names the row.
    """
    try:
        return RuleTable.model_validate(yaml.load(text, Loader=_OneOfEach))  # noqa: S506 - a safe loader, made stricter
    except (yaml.YAMLError, ValidationError) as error:
        raise Malformed(f"the calling rules cannot be read: {error}") from error


@cache
def rule_table() -> RuleTable:
    """The table that comes with the product."""
    return read_rules(FILE.read_text(encoding="utf-8"))
