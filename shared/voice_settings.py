"""What the environment decides about the voices of the agent."""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import NoDecode

from shared.settings import Settings

LocalEngine = Literal["espeak", "piper", "kokoro"]


class ModelSettings(Settings):
    """Where the models of speech engines lie, a folder a model; ``reauto models pull`` puts them there."""

    models_folder: Path = Field(default=Path(".reauto/models"), validation_alias="REAUTO_MODELS")


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


def _dictionaries(value: object) -> object:
    """``id:version, id:version`` as pairs."""
    if not isinstance(value, str):
        return value
    pairs = [each.strip().partition(":") for each in value.split(",") if each.strip()]
    if not all(version for _, _, version in pairs):
        raise ValueError("write a pronunciation dictionary as id:version")
    return tuple((name, version) for name, _, version in pairs)


class PremiumSettings(Settings):
    """The premium voice, and when it is worth its price; without a key there is none.

    ``cast`` names voices of the account, as ``PIPER_VOICE`` does. ``appointment_value`` is what an appointment is worth
    and ``call_budget`` what premium speech may cost in one call, in US dollars; ``uplift`` is by which share the voice
    makes an appointment likelier, ``hold_out`` the share of people who never hear it, so that this can be measured.
    """

    api_key: SecretStr = Field(default=SecretStr(""), validation_alias="ELEVENLABS_API_KEY")
    cast: Cast = Field(default_factory=dict, validation_alias="ELEVENLABS_VOICE")
    model: str = Field(default="eleven_flash_v2_5", validation_alias="ELEVENLABS_MODEL", min_length=1)
    base_url: str = Field(default="https://api.elevenlabs.io", validation_alias="ELEVENLABS_BASE_URL", min_length=1)
    dictionaries: Annotated[tuple[tuple[str, str], ...], NoDecode, BeforeValidator(_dictionaries)] = Field(
        default=(), validation_alias="ELEVENLABS_DICTIONARIES"
    )
    appointment_value: Decimal = Field(default=Decimal(25), validation_alias="VOICE_APPOINTMENT_VALUE", ge=0)
    uplift: Decimal = Field(default=Decimal("0.05"), validation_alias="VOICE_UPLIFT", ge=0, le=1)
    call_budget: Decimal = Field(default=Decimal("0.05"), validation_alias="VOICE_CALL_BUDGET", ge=0)
    hold_out: Decimal = Field(default=Decimal("0.1"), validation_alias="VOICE_HOLD_OUT", ge=0, le=1)

    @model_validator(mode="after")
    def _has_a_voice(self) -> "PremiumSettings":
        if self.is_configured and "*" not in self.cast:
            raise ValueError("a key needs a voice: set ELEVENLABS_VOICE, as a name or as JSON with one for *")
        return self

    @property
    def is_configured(self) -> bool:
        """Whether there is a premium voice."""
        return bool(self.api_key.get_secret_value())
