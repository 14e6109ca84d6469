"""What a call says and asks: questions, replies to objections, answers; from ``scripts/*.yaml`` or as it was published.

The brief of a call brings its script with it, so that nothing has to be read in the middle of the call.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from shared.conversation.brief import CallBrief
from shared.conversation.script_parts import (
    Knowledge,
    Limits,
    Objection,
    OpeningStyle,
    Part,
    Phrasings,
    Question,
    ScriptName,
    VoiceWish,
)
from shared.conversation.understanding.acts import Act
from shared.conversation.understanding.phrases import Finder, PhraseList, finder
from shared.kernel.errors import Malformed, NotFound
from shared.kernel.yaml_text import read_yaml

__all__ = [
    "COMMON",
    "SCRIPTS",
    "VALUES",
    "Knowledge",
    "Objection",
    "Question",
    "Script",
    "Variants",
    "common_phrases",
    "load_script",
    "parse_script",
    "published_script",
    "script_names",
    "script_of",
    "script_text",
    "whole_script",
]

SCRIPTS = Path(__file__).parent / "scripts"
COMMON = "common"
MOST_KEPT = 64
"""Published scripts that a process keeps ready."""

VALUES = frozenset({
    "first_name", "subject", "source", "asked_on", "seller_name", "assistant", "callback_number", "agent", "slot_a",
    "slot_b", "when", "day", "zone", "what", "day_a", "day_b", "echo",
})  # fmt: skip
"""Every value that a phrase may name in braces."""

Variants = tuple[str, ...]


class Script(Part):
    """Everything one kind of call says. ``required`` must be known, or have been asked, before a time is offered."""

    version: Literal[1] = 1
    name: ScriptName
    about: str = ""
    subject: str
    what: str
    voice: VoiceWish = VoiceWish()
    opening: OpeningStyle = "brief"
    limits: Limits = Limits()
    questions: tuple[Question, ...] = ()
    required: tuple[str, ...] = ()
    disqualified: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    nurture_timelines: tuple[str, ...] = ()
    objections: Mapping[Act, Objection] = Field(default_factory=dict)
    knowledge: Mapping[str, Knowledge] = Field(default_factory=dict)
    phrases: Mapping[str, Phrasings] = Field(default_factory=dict)

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

    @cached_property
    def answers(self) -> dict[str, dict[str, Finder]]:
        """What finds the answers that the script itself understands: by field, by value, in the order of the script."""
        return {
            question.field: {value: finder(PhraseList(phrases=said)) for value, said in question.answers.items()}
            for question in self.questions
            if question.reads_itself
        }

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever a word of the script does."""
        whole = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(whole.encode()).hexdigest()[:16]

    def question(self, field: str) -> Question | None:
        """The question about ``field``, if the script has one."""
        return next((question for question in self.questions if question.field == field), None)


def _taken_up(question: Question) -> Variants:
    """The question, put once more after something was said in between: "So, how soon …?"."""
    return tuple(f"{lead} {_continued(text)}" for lead, text in (("So,", question.ask[0]), ("And", question.ask[-1])))


def _continued(text: str) -> str:
    first = text.split(" ", 1)[0]
    return text if first in ("I", "I'm") or first.startswith("{") else text[0].lower() + text[1:]


def script_of(brief: CallBrief) -> Script:
    """The script of a call, as its brief brought it.

    Raises:
        NotFound: It names a script that neither came with it nor with the project.
        Malformed: The script breaks the rules.
    """
    return published_script(brief.script_body) if brief.script_body else load_script(brief.script)


@lru_cache(maxsize=MOST_KEPT)
def published_script(body: str) -> Script:
    """A script as it was published; what lines have been added to every script since are said as all say them."""
    return parse_script(json.loads(body), shared=_read(COMMON))


@cache
def load_script(name: str) -> Script:
    """The project's own script of that name, together with what all scripts share.

    Raises:
        NotFound: There is no such script.
        Malformed: The file breaks the rules; the message says where.
    """
    return parse_script(read_yaml(script_text(name)), shared=_read(COMMON))


def script_text(name: str) -> str:
    """The file of the project's own script of that name.

    Raises:
        NotFound: There is no such script.
    """
    if name not in script_names():
        raise NotFound(f"there is no script {name!r}: take one of {', '.join(script_names())}")
    return (SCRIPTS / f"{name}.yaml").read_text(encoding="utf-8")


def parse_script(own: Mapping[str, Any], *, shared: Mapping[str, Any]) -> Script:
    """A script from its file, with the phrases, replies and answers that it does not have itself taken from ``shared``.

    Raises:
        Malformed: It breaks the rules; the message says where.
    """
    try:
        return Script.model_validate(whole_script(own, shared=shared))
    except ValidationError as error:
        raise Malformed(f"script {own.get('name')!r}: {error}") from error


def whole_script(own: Mapping[str, Any], *, shared: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a script with what all share put in; what is not of the right kind is left for the check."""
    whole = dict(own)
    styles = shared.get("openings", {})
    for part in ("phrases", "objections", "knowledge"):
        mine = own.get(part, {})
        styled = styles.get(str(own.get("opening")), {}) if part == "phrases" else {}
        whole[part] = {**shared.get(part, {}), **styled, **mine} if isinstance(mine, Mapping) else mine
    return whole


def script_names() -> list[str]:
    """The scripts that come with the project."""
    return sorted(path.stem for path in SCRIPTS.glob("*.yaml") if path.stem != COMMON)


def common_phrases() -> Mapping[str, Any]:
    """What all scripts share, as the file has it."""
    return _read(COMMON)


@cache
def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = read_yaml((SCRIPTS / f"{name}.yaml").read_text(encoding="utf-8"))
    return found
