"""What a language model is told, as versioned templates; read from ``prompts/*.yaml``, one file a version."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.kernel.errors import Malformed, NotFound
from shared.kernel.yaml_text import read_yaml

PROMPTS = Path(__file__).parent / "prompts"
_VALUE = re.compile(r"\{(\w+)\}")


class Purpose(StrEnum):
    """What a model is asked for."""

    REPLY = "reply"
    EXTRACTION = "extraction"
    SUMMARY = "summary"


class PromptTemplate(BaseModel):
    """One version of one prompt. Several stand side by side; where none is named, the newest published one is used.

    ``system`` holds ``{rules}``, which become a list. ``request`` is what is asked each time. One without a
    ``published`` day is a draft: only an experiment uses it. What is published never changes: it gets a new number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: Literal[1]
    purpose: Purpose
    number: int = Field(ge=1)
    published: date | None = None
    about: str = Field(min_length=1)
    system: str = Field(min_length=1)
    request: str = Field(min_length=1)
    rules: Mapping[str, str]

    @property
    def label(self) -> str:
        """Its name in briefs, reports and experiments: ``reply-3``."""
        return f"{self.purpose}-{self.number}"

    @cached_property
    def digest(self) -> str:
        """A fingerprint of its words, in hex."""
        words = "\x00".join((self.system, self.request, *(f"{name}:{text}" for name, text in self.rules.items())))
        return hashlib.sha256(words.encode()).hexdigest()

    @cached_property
    def named(self) -> frozenset[str]:
        """Every variable that it names."""
        return frozenset(_VALUE.findall(" ".join((self.system, self.request, *self.rules.values()))))

    def worded(self, values: Mapping[str, str]) -> tuple[str, str]:
        """The system's text and the request, with their values; what a value says is not read as a variable again."""
        rules = "\n".join(f"- {_filled(rule, values)}" for rule in self.rules.values())
        return _filled(self.system, {**values, "rules": rules}).strip(), _filled(self.request, values).strip()


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _VALUE.sub(lambda match: values[match[1]], text)


def parse_template(raw: Mapping[str, Any]) -> PromptTemplate:
    """A template from its file.

    Raises:
        Malformed: It is not of the form; the message says where. What it says is not looked at: ``prompt_lint`` does.
    """
    try:
        return PromptTemplate.model_validate(raw)
    except ValidationError as error:
        raise Malformed(f"prompt {raw.get('purpose')}-{raw.get('number')}: {error}") from error


@cache
def templates() -> Mapping[str, PromptTemplate]:
    """Every template that comes with the project, by its label.

    Raises:
        Malformed: A file is not of the form, or has another one's name.
    """
    found = {}
    for path in sorted(PROMPTS.glob("*.yaml")):
        template = parse_template(read_yaml(path.read_text(encoding="utf-8")))
        if path.stem != template.label.replace("-", "_"):
            raise Malformed(f"the prompt {template.label} lies in {path.name}")
        found[template.label] = template
    return found


@cache
def newest(purpose: Purpose) -> PromptTemplate:
    """The newest published version.

    Raises:
        NotFound: None is published.
    """
    published = [each for each in templates().values() if each.purpose is purpose and each.published]
    if not published:
        raise NotFound(f"no prompt for {purpose} is published")
    return max(published, key=lambda each: (each.published or date.min, each.number))


def prompt_versions() -> list[str]:
    """The versions of the reply that a variant may name, drafts among them."""
    return [label for label, each in templates().items() if each.purpose is Purpose.REPLY]


def reply_version(wished: str | None) -> str:
    """The version that a call uses: the one that is wished for, where it is there, otherwise the newest published."""
    return wished if wished in prompt_versions() else newest(Purpose.REPLY).label


def reply_template(wished: str | None) -> PromptTemplate:
    """The template of ``reply_version``."""
    return templates()[reply_version(wished)]
