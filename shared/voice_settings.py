"""What the environment decides about the voices of the agent."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode

from shared.settings import Settings

LocalEngine = Literal["espeak", "piper", "kokoro"]


class ModelSettings(Settings):
    """Where the models of speech engines lie; ``reauto models pull`` puts them there."""

    folder: Path = Field(default=Path(".reauto/models"), validation_alias="REAUTO_MODELS")


def _engines(value: object) -> object:
    """``piper, espeak`` as a tuple, each once."""
    if not isinstance(value, str):
        return value
    return tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip()))


def _cast(value: object) -> object:
    """One name for every voice, or a JSON object of names by the voices of campaigns; ``*`` is all others."""
    if not isinstance(value, str):
        return value
    return json.loads(value) if value.lstrip().startswith("{") else {"*": value}


Cast = Annotated[Mapping[str, str], NoDecode, BeforeValidator(_cast)]


class VoiceSettings(Settings):
    """Which engines speak, in which order, and as whom; what is prepared is kept in ``prepared``.

    ``local`` is the local tier: the first engine speaks, the next ones when it fails. ``piper`` and ``kokoro`` name
    their voices. ``prepared_bytes`` bounds the folder, ``memory_bytes`` each worker's memory of it.
    """

    local: Annotated[tuple[LocalEngine, ...], NoDecode, BeforeValidator(_engines)] = Field(
        default=("espeak",), validation_alias="VOICE_ENGINES", min_length=1
    )
    piper: Cast = Field(default={"*": "en_US-lessac-medium"}, validation_alias="PIPER_VOICE")
    kokoro: Cast = Field(default={"*": "af_heart"}, validation_alias="KOKORO_VOICE")
    threads: int = Field(default=1, validation_alias="VOICE_THREADS", ge=1, le=64)
    prepared: Path = Field(default=Path(".reauto/prepared"), validation_alias="VOICE_PREPARED")
    prepared_bytes: int = Field(default=500_000_000, validation_alias="VOICE_PREPARED_BYTES", ge=0)
    memory_bytes: int = Field(default=32_000_000, validation_alias="VOICE_MEMORY_BYTES", ge=0)
