"""What a script is made of: questions, replies to objections, answers, a voice, and how far it goes."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.conversation.understanding.phrases import Phrase

Phrasings = Annotated[tuple[str, ...], Field(min_length=1)]
"""Ways to say the same; they take turns."""

FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
ScriptName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
OpeningStyle = Literal["brief", "warm", "permission"]

_WORDS_PER_MINUTE = {"calm": 140, "normal": 160, "lively": 175}
_VOICES = {
    ("female", "american"): "en-us+f2",
    ("male", "american"): "en-us+m3",
    ("female", "british"): "en-gb+f2",
    ("male", "british"): "en-gb+m3",
}


class Part(BaseModel):
    """A part of a script: frozen, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Question(Part):
    """One thing to find out. ``clarify`` is said when the answer was not understood.

    ``only_when`` names facts and the values that make the question worth asking. ``answers`` are values and the phrases
    that tell them, for what is not understood anyhow; the first value that is found counts. ``on_yes`` and ``on_no``
    are what a bare yes or no says. An answer that is ``volunteered`` is believed although nobody asked.
    """

    field: FieldName
    ask: Phrasings
    clarify: str
    only_when: Mapping[str, tuple[Any, ...]] = Field(default_factory=dict)
    answers: Mapping[str, tuple[Phrase, ...]] = Field(default_factory=dict)
    on_yes: str | None = None
    on_no: str | None = None
    volunteered: bool = False

    @property
    def reads_itself(self) -> bool:
        """Whether the script itself says how answers are understood."""
        return bool(self.answers or self.on_yes or self.on_no)


class Objection(Part):
    """How an objection is met: what is said, and where the call goes.

    ``resume`` takes the interrupted topic up again; ``yield`` does so once and ends the call the next time;
    ``callback`` asks for a better time; ``signed`` asks whether an agreement was signed; ``end`` says goodbye.
    """

    reply: Phrasings
    then: Literal["resume", "yield", "callback", "signed", "end"]
    disqualifies: str | None = None


class Knowledge(Part):
    """A question the script can answer, in full sentences from data, never by a model."""

    asked: tuple[Phrase, ...] = Field(min_length=1)
    answer: str


class VoiceWish(Part):
    """How the agent should sound, whatever engine speaks."""

    sounds: Literal["female", "male"] = "female"
    accent: Literal["american", "british"] = "american"
    pace: Literal["calm", "normal", "lively"] = "normal"

    @property
    def name(self) -> str:
        """The voice as campaigns name it."""
        return _VOICES[self.sounds, self.accent]

    @property
    def words_per_minute(self) -> int:
        """How fast it speaks."""
        return _WORDS_PER_MINUTE[self.pace]


class Limits(Part):
    """How far a call goes: ``questions`` are put at most; what was told without being asked leaves room for others.

    ``repeats`` is how often one question is put, ``misunderstandings`` how many questions may be lost before the call
    is given up.
    """

    questions: int = Field(default=6, ge=1, le=12)
    repeats: int = Field(default=2, ge=1, le=4)
    misunderstandings: int = Field(default=4, ge=1, le=8)
