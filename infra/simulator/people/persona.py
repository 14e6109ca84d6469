"""A persona: who somebody is, what they know and want, and how their telephone behaves.

One YAML file is one persona; ``infra/simulator/personas/README.md`` explains every key.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from infra.simulator.line import AnsweredBy
from shared.kernel.errors import Malformed
from shared.kernel.phone import normalise

Telephone = Literal["human", "voicemail", "mailbox_full", "screening", "ivr", "fax", "busy", "no_answer"]
PEOPLE = ("human", "screening", "no_answer")
"""Telephones that somebody talks into, those who call back included."""
MACHINES = ("voicemail", "mailbox_full", "ivr")
"""Telephones that play their greeting to whoever calls."""


class BrokenPersona(Malformed):
    """A persona file cannot be used; the message names the file, the key and the reason."""


class Part(BaseModel):
    """A piece of a persona: nothing unknown, nothing changed later."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Voice(Part):
    """An eSpeak NG voice with its speed in words a minute and its pitch (0 to 99)."""

    name: str
    words_per_minute: int = Field(default=155, ge=80, le=260)
    pitch: int = Field(default=50, ge=0, le=99)


class Temper(Part):
    """How somebody behaves on the telephone, in seconds."""

    picks_up_after: float = Field(default=1.5, ge=0, le=60)
    greets_after: float = Field(default=0.8, ge=0, le=10)
    waits_before_answering: float = Field(default=0.5, ge=0.1, le=10)
    hangs_up_after_lines: int | None = Field(default=None, ge=0)


class Detection(Part):
    """What the carrier's machine detection says of who answered, and how many seconds after the answer."""

    answered_by: AnsweredBy
    after: float = Field(default=4.0, ge=0, le=60)


class LeadRow(Part):
    """The row of the lead list this person comes from."""

    kind: Literal["seller", "buyer", "renter"] = "seller"
    subject: str
    source: str = "home-value.example"
    timezone: str
    state: str
    postal_code: str = ""
    consent_channels: str = "ai_voice sms"


class Rule(Part):
    """A line of one's own: said once when the caller's words contain every word of one phrase of ``when``."""

    when: tuple[str, ...] = Field(min_length=1)
    say: str


class Expectation(Part):
    """How the call should end; ``or_else`` lists endings that are just as right."""

    disposition: str
    or_else: tuple[str, ...] = ()


class Persona(Part):
    """One simulated person."""

    version: Literal[1]
    name: str
    about: str
    phone: str
    telephone: Telephone = "human"
    lines: Literal["known", "new"] = "known"
    voice: Voice
    temper: Temper = Temper()
    detection: Detection | None = None
    lead: LeadRow
    greeting: str = "hello"
    answers: Mapping[str, str | tuple[str, ...]] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    turns: Mapping[int, str] = Field(default_factory=dict)
    silent_turns: tuple[int, ...] = ()
    hangs_up_after: int | None = Field(default=None, ge=1)
    expected: Expectation

    @field_validator("phone")
    @classmethod
    def _is_a_number(cls, value: str) -> str:
        try:
            return normalise(value)
        except Malformed as error:
            raise ValueError(str(error)) from error

    @model_validator(mode="after")
    def _can_talk(self) -> "Persona":
        if self.telephone in ("human", "screening") and not (self.answers or self.turns):
            raise ValueError("a person who picks up needs 'answers'")
        return self

    def spoken_lines(self) -> tuple[str, ...]:
        """Everything this person may say, as written."""
        talks = self.answers or self.turns
        if self.telephone not in (*PEOPLE, *MACHINES) or not (talks or self.telephone in MACHINES):
            return ()
        answers = (text for said in self.answers.values() for text in ((said,) if isinstance(said, str) else said))
        return (self.greeting, *answers, *(rule.say for rule in self.rules), *self.turns.values())


def load_personas(folder: Path) -> tuple[Persona, ...]:
    """Every ``*.yaml`` of the folder, by file name.

    Raises:
        BrokenPersona: The folder is missing or empty, a file is not valid, or two persons share a number.
    """
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    if not files:
        raise BrokenPersona(f"{folder}: no persona (*.yaml) in this folder")
    personas = tuple(_load(file) for file in files)
    owners: dict[str, Path] = {}
    for file, persona in zip(files, personas, strict=True):
        other = owners.setdefault(persona.phone, file)
        if other is not file:
            raise BrokenPersona(f"{file}: phone: {persona.phone} belongs to {other.name} already")
    return personas


def _load(file: Path) -> Persona:
    try:
        return Persona.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise BrokenPersona(f"{file}: line {line}: {error.problem}") from error
    except UnicodeDecodeError as error:
        raise BrokenPersona(f"{file}: is not UTF-8 text") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "file"
        raise BrokenPersona(f"{file}: {key}: {first['msg'].removeprefix('Value error, ')}") from error
