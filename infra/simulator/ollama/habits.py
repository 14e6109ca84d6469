"""How the stand-in behaves: what its models are like, how fast they are, and how many requests it serves at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Manner(StrEnum):
    """What a model is like. A model whose name begins with one of them is like that, whatever the others are."""

    SENSIBLE = "sensible"
    """Says what it was told to say, in other words; fills in every field it is asked for."""
    SLOW = "slow"
    """The same, but its first word is late and the others come one by one."""
    MALFORMED = "malformed"
    """Breaks its protocol, or the form that was asked for, each time in another way."""
    HALLUCINATING = "hallucinating"
    """Adds prices, days and promises that nobody gave it."""
    HOSTILE = "hostile"
    """Obeys whatever the caller says, claims to be human, speaks of safe areas, and calls tools."""
    DYING = "dying"
    """Drops the connection in the middle of an answer."""


class Fault(StrEnum):
    """The ways of a malformed model."""

    BROKEN_LINE = "broken_line"
    NOT_AN_OBJECT = "not_an_object"
    NO_MESSAGE = "no_message"
    ERROR = "error"
    EMPTY = "empty"
    NEVER_DONE = "never_done"
    CUT_JSON = "cut_json"
    WRONG_SCHEMA = "wrong_schema"
    PROSE = "prose"


OF_THE_PROTOCOL = (
    Fault.BROKEN_LINE, Fault.NOT_AN_OBJECT, Fault.NO_MESSAGE, Fault.ERROR, Fault.EMPTY, Fault.NEVER_DONE,
)  # fmt: skip
OF_THE_FORM = (Fault.CUT_JSON, Fault.WRONG_SCHEMA, Fault.PROSE, Fault.EMPTY)
"""These need a form that was asked for."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Seconds until the first token of an answer, and between two."""

    first_token_seconds: float = 0.0
    token_seconds: float = 0.0


PACES: Mapping[Manner, Pace] = {Manner.SLOW: Pace(first_token_seconds=2.5, token_seconds=0.35)}


@dataclass(kw_only=True)
class Habits:
    """May be changed while the server runs.

    ``models`` are installed; what is no name of a manner is like ``manner``. ``slots`` is ``OLLAMA_NUM_PARALLEL`` of
    the real server, for each model, ``most_waiting`` its ``OLLAMA_MAX_QUEUE``. A model takes ``load_seconds`` to load.
    ``paces`` says how fast a manner is, ``pace`` how fast all others. ``faults`` are the ways of malformed models.
    """

    manner: Manner = Manner.SENSIBLE
    models: tuple[str, ...] = ("qwen3:8b", *(f"{manner}:latest" for manner in Manner))
    seed: int = 0
    slots: int = 4
    most_waiting: int = 512
    load_seconds: float = 0.0
    pace: Pace = Pace()
    paces: Mapping[Manner, Pace] = field(default_factory=lambda: dict(PACES))
    faults: tuple[Fault, ...] = tuple(Fault)

    def manner_of(self, model: str) -> Manner:
        """What a model is like."""
        return next((each for each in Manner if model.startswith(each.value)), self.manner)

    def pace_of(self, model: str) -> Pace:
        """How fast a model is."""
        return self.paces.get(self.manner_of(model), self.pace)

    def installed(self, model: str) -> str | None:
        """The full name of a model that is there; names without a tag mean the latest."""
        name = model if ":" in model.rpartition("/")[2] else f"{model}:latest"
        return name if name in self.models else None
