"""What clients send and get about scripts."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field

from functions.api.answers import Shown
from functions.api.bodies import Body, Name
from shared.conversation.script_book import ScriptLook
from shared.conversation.script_check import Problem
from shared.conversation.script_drafting import draft_problems
from shared.conversation.script_versions import ScriptDraft, ScriptVersion

EXAMPLE = """version: 1
name: hill_country_sellers
subject: your home's value
what: a free home visit
opening: warm
questions:
  - field: timeline
    ask: ["How soon would you like to sell?", "How soon are you hoping to sell?"]
    clarify: "Roughly, is it within three months, or later?"
required: [timeline]
"""
Text = Annotated[str, Field(min_length=1, max_length=65_536, description="The script as YAML", examples=[EXAMPLE])]
Reference = Annotated[str, Field(min_length=1, max_length=80, examples=["seller_home_value@1"])]
By = Annotated[Name, Field(description="Who does it", examples=["kim@hillcountry.example"])]
Revision = Annotated[int, Field(ge=1, description="The revision of the draft that was read")]


class CheckBody(Body):
    """A script to be looked over; nothing is kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": EXAMPLE}]})

    text: Text
    file: Annotated[str, Field(max_length=200)] = "script"


class DraftBody(Body):
    """How a draft begins: with a ``text``, ``like`` another script or version, or like the script's own newest one."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"like": "seller_home_value", "by": "kim@hillcountry.example"}]}
    )

    text: Text | None = None
    like: Reference | None = None
    seller_id: str | None = Field(
        default=None, description="Whose alone a new script is; without one it is everybody's"
    )
    by: By = "api"


class DraftChange(Body):
    """The draft's new text."""

    text: Text
    revision: Revision
    by: By = "api"


class PublishBody(Body):
    """Publish the draft; with a ``revision`` only if nobody has changed it since."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"revision": 3, "note": "Asks about pets.", "by": "kim@hillcountry.example"}]}
    )

    revision: Revision | None = None
    note: Annotated[str, Field(max_length=600)] = ""
    by: By = "api"


class RevertBody(Body):
    """An old version becomes the draft."""

    number: int = Field(ge=1, examples=[1])
    by: By = "api"


class ProblemShown(Shown):
    """Something wrong with a script; mere ``is_advice`` does not keep it from being published."""

    file: str
    line: int
    key: str
    says: str
    is_advice: bool

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """The problem as a client sees it."""
        return cls(**{name: getattr(problem, name) for name in cls.model_fields})


class CheckShown(Shown):
    """Whether a script may be published, and what is wrong with it."""

    may_be_published: bool
    problems: tuple[ProblemShown, ...]

    @classmethod
    def of(cls, found: tuple[Problem, ...]) -> Self:
        """The outcome of a check."""
        return cls(
            may_be_published=all(problem.is_advice for problem in found),
            problems=tuple(ProblemShown.of(problem) for problem in found),
        )


class ScriptShown(Shown):
    """A script at a glance; ``newest`` is 0 where there is only a draft."""

    name: str
    seller_id: str | None
    newest: int
    published_at: datetime | None
    is_built_in: bool
    has_draft: bool

    @classmethod
    def of(cls, look: ScriptLook) -> Self:
        """The script as a client sees it."""
        return cls(**{name: getattr(look, name) for name in cls.model_fields})


class VersionShown(Shown):
    """A published version; one that came with the project was published by nobody."""

    name: str
    number: int
    published_at: datetime | None
    published_by: str
    note: str

    @classmethod
    def of(cls, version: ScriptVersion) -> Self:
        """The version as a client sees it."""
        return cls(**{name: getattr(version, name) for name in cls.model_fields if name not in ("text", "script")})


class VersionWhole(VersionShown):
    """A version with its words: ``text`` as it was written, ``script`` with what all scripts share put in."""

    text: str
    script: dict[str, Any]


class DraftShown(Shown):
    """A draft, and what is wrong with it."""

    name: str
    text: str
    based_on: int
    revision: int
    edited_at: datetime
    edited_by: str
    check: CheckShown

    @classmethod
    def of(cls, draft: ScriptDraft) -> Self:
        """The draft as a client sees it."""
        told = {name: getattr(draft, name) for name in cls.model_fields if name != "check"}
        return cls(**told, check=CheckShown.of(draft_problems(draft)))


class DiffShown(Shown):
    """What changed from one version to another, as a unified diff."""

    older: str
    newer: str
    diff: str
