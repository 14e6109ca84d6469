"""What a campaign says and asks: questions, replies to objections, answers; read from ``scripts/*.yaml``."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.conversation.understanding.acts import Act
from shared.conversation.understanding.phrases import Finder, Phrase, PhraseList, finder
from shared.kernel.errors import Malformed, NotFound
from shared.kernel.yaml_text import read_yaml

SCRIPTS = Path(__file__).parent / "scripts"
COMMON = "common"

VALUES = frozenset({
    "first_name", "subject", "source", "asked_on", "seller_name", "assistant", "callback_number", "agent", "slot_a",
    "slot_b", "when", "day", "zone", "what", "day_a", "day_b", "echo",
})  # fmt: skip
"""Every value that a phrase may name in braces."""

Variants = tuple[str, ...]


class Part(BaseModel):
    """A part of a script: frozen, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Question(Part):
    """One thing to find out. ``clarify`` is said when the answer was not understood.

    ``only_when`` names facts and the values that make the question worth asking.
    """

    field: str
    ask: Variants = Field(min_length=1)
    clarify: str
    only_when: Mapping[str, tuple[Any, ...]] = Field(default_factory=dict)


class Objection(Part):
    """How an objection is met: what is said, and where the call goes.

    ``resume`` takes the interrupted topic up again; ``yield`` does so once and ends the call the next time;
    ``callback`` asks for a better time; ``signed`` asks whether an agreement was signed; ``end`` says goodbye.
    """

    reply: Variants = Field(min_length=1)
    then: Literal["resume", "yield", "callback", "signed", "end"]
    disqualifies: str | None = None


class Knowledge(Part):
    """A question the script can answer, in full sentences from data, never by a model."""

    asked: tuple[Phrase, ...] = Field(min_length=1)
    answer: str


class Script(Part):
    """Everything one kind of call says. ``required`` must be known, or have been asked, before a time is offered."""

    version: Literal[1] = 1
    name: str
    subject: str
    what: str
    questions: tuple[Question, ...] = ()
    required: tuple[str, ...] = ()
    disqualified: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    nurture_timelines: tuple[str, ...] = ()
    objections: Mapping[Act, Objection] = Field(default_factory=dict)
    knowledge: Mapping[str, Knowledge] = Field(default_factory=dict)
    phrases: Mapping[str, Variants] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_whole(self) -> "Script":
        for act, variants in self.templates():
            for variant in variants:
                unknown = set(re.findall(r"\{(\w*)\}", variant)) - VALUES
                if unknown or "[" in variant or variant.count("{") != variant.count("}"):
                    raise ValueError(f"phrase {act!r} names {sorted(unknown) or 'a broken value'}: {variant!r}")
        missing = set(self.required) - {question.field for question in self.questions}
        if missing:
            raise ValueError(f"required fields without a question: {sorted(missing)}")
        return self

    def templates(self) -> Iterator[tuple[str, Variants]]:
        """Every phrase, by the act that says it."""
        yield from self.phrases.items()
        for question in self.questions:
            yield f"ask.{question.field}", question.ask
            yield f"clarify.{question.field}", (question.clarify,)
            yield f"again.{question.field}", _taken_up(question)
        for act, objection in self.objections.items():
            yield f"objection.{act}", objection.reply
        for topic, entry in self.knowledge.items():
            yield f"knowledge.{topic}", (entry.answer,)

    @cached_property
    def variants(self) -> dict[str, Variants]:
        """The phrases by act."""
        return dict(self.templates())

    @cached_property
    def topics(self) -> dict[str, Finder]:
        """What finds the questions that ``knowledge`` answers."""
        return {topic: finder(PhraseList(phrases=entry.asked)) for topic, entry in self.knowledge.items()}

    def question(self, field: str) -> Question | None:
        """The question about ``field``, if the script has one."""
        return next((question for question in self.questions if question.field == field), None)


def _taken_up(question: Question) -> Variants:
    """The question, put once more after something was said in between: "So, how soon …?"."""
    return tuple(f"{lead} {_continued(text)}" for lead, text in (("So,", question.ask[0]), ("And", question.ask[-1])))


def _continued(text: str) -> str:
    first = text.split(" ", 1)[0]
    return text if first in ("I", "I'm") or first.startswith("{") else text[0].lower() + text[1:]


@cache
def load_script(name: str) -> Script:
    """The script of that name, together with what all scripts share.

    Raises:
        NotFound: There is no such script.
        Malformed: The file breaks the rules; the message says where.
    """
    if name not in script_names():
        raise NotFound(f"there is no script {name!r}: take one of {', '.join(script_names())}")
    return parse_script(_read(name), shared=_read(COMMON))


def parse_script(own: Mapping[str, Any], *, shared: Mapping[str, Any]) -> Script:
    """A script from its file, with the phrases, replies and answers that it does not have itself taken from ``shared``.

    Raises:
        Malformed: It breaks the rules; the message says where.
    """
    whole = dict(own)
    for part in ("phrases", "objections", "knowledge"):
        whole[part] = {**shared.get(part, {}), **own.get(part, {})}
    try:
        return Script.model_validate(whole)
    except ValidationError as error:
        raise Malformed(f"script {own.get('name')!r}: {error}") from error


def script_names() -> list[str]:
    """The scripts that come with the project."""
    return sorted(path.stem for path in SCRIPTS.glob("*.yaml") if path.stem != COMMON)


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = read_yaml((SCRIPTS / f"{name}.yaml").read_text(encoding="utf-8"))
    return found
