"""What the environment decides about the language models that word replies and read calls."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_settings import NoDecode

from shared.settings import Settings


def _addresses(value: object) -> object:
    """``http://a:11434, http://b:11434`` as a tuple, each once."""
    if not isinstance(value, str):
        return value
    found = tuple(dict.fromkeys(each.strip().rstrip("/") for each in value.split(",") if each.strip()))
    strange = [each for each in found if not each.startswith(("http://", "https://"))]
    if strange:
        raise ValueError(f"write each address as http://host:11434, with commas between them: {', '.join(strange)}")
    return found


def _numbers(value: object) -> object:
    """``4`` or ``4, 2`` as a tuple."""
    return tuple(each.strip() for each in value.split(",") if each.strip()) if isinstance(value, str) else value


def _seconds(value: object) -> object:
    """``0.9`` as seconds; everything else as it is."""
    return float(value) if isinstance(value, str) and value.replace(".", "", 1).isdigit() else value


Time = Annotated[timedelta, BeforeValidator(_seconds)]
"""Written as seconds, or in ISO 8601: ``PT0.9S``."""


class BrainSettings(Settings):
    """Ollama's servers and models; without an address the script words every reply.

    ``slots`` is how many requests this node may have in progress at each server, one number for all or one for each: no
    more than the server's own ``OLLAMA_NUM_PARALLEL``, of which the nodes that share it each take a part. A sentence of
    a reply takes ``deadline`` at most, the first one from the moment it is asked for on; ``slot_wait`` of that may pass
    before the server has room. ``queue`` is how much background work may wait, ``background_deadline`` how long one job
    may take, its waits included. ``context_tokens`` is the window of every request: Ollama loads a model anew for
    another one. Models stay loaded for ``keep_loaded`` after their last use.
    """

    servers: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_addresses)] = Field(
        default=(), validation_alias="OLLAMA_URL"
    )
    slots: Annotated[tuple[Annotated[int, Field(ge=1, le=256)], ...], NoDecode, BeforeValidator(_numbers)] = Field(
        default=(4,), validation_alias="OLLAMA_SLOTS", min_length=1
    )
    model: str = Field(default="qwen3:8b", validation_alias="OLLAMA_MODEL", min_length=1)
    extraction_model: str = Field(default="", validation_alias="OLLAMA_EXTRACTION_MODEL")
    summary_model: str = Field(default="", validation_alias="OLLAMA_SUMMARY_MODEL")
    deadline: Time = Field(
        default=timedelta(milliseconds=900),
        validation_alias="OLLAMA_DEADLINE",
        gt=timedelta(0),
        le=timedelta(seconds=10),
    )
    slot_wait: Time = Field(
        default=timedelta(milliseconds=200),
        validation_alias="OLLAMA_SLOT_WAIT",
        ge=timedelta(0),
        le=timedelta(seconds=10),
    )
    background_deadline: Time = Field(
        default=timedelta(minutes=2),
        validation_alias="OLLAMA_BACKGROUND_DEADLINE",
        gt=timedelta(0),
        le=timedelta(hours=1),
    )
    queue: int = Field(default=64, validation_alias="OLLAMA_QUEUE", ge=0, le=10_000)
    keep_loaded: Time = Field(
        default=timedelta(minutes=30), validation_alias="OLLAMA_KEEP_LOADED", ge=timedelta(minutes=1)
    )
    context_tokens: int = Field(default=4_096, validation_alias="OLLAMA_CONTEXT_TOKENS", ge=512, le=262_144)

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if len(self.slots) not in (1, len(self.servers)):
            raise ValueError("OLLAMA_SLOTS needs one number, or one for each address of OLLAMA_URL")
        if self.slot_wait > self.deadline:
            raise ValueError("OLLAMA_SLOT_WAIT cannot be longer than OLLAMA_DEADLINE")
        return self

    @property
    def slots_by_server(self) -> dict[str, int]:
        """How many requests this node may have in progress at each address."""
        each = self.slots * len(self.servers) if len(self.slots) == 1 else self.slots
        return dict(zip(self.servers, each, strict=True))

    @property
    def models(self) -> tuple[str, ...]:
        """Every model that is used, that of replies first."""
        return tuple(dict.fromkeys(name for name in (self.model, self.extraction_model, self.summary_model) if name))
