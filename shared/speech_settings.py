"""What the environment decides about understanding speech."""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from shared.voice_settings import ModelSettings


class HearingEngine(StrEnum):
    """The speech recognisers there are."""

    DEEPGRAM = "deepgram"
    WHISPER = "whisper"
    POCKETSPHINX = "pocketsphinx"


def _listed(value: object) -> object:
    """Names with commas between them, each once."""
    if not isinstance(value, str):
        return value
    names = [name.strip().lower() for name in value.split(",") if name.strip()]
    strange = sorted(set(names) - set(HearingEngine))
    if strange:
        raise ValueError(f"there is no such engine: {', '.join(strange)} (there are {', '.join(HearingEngine)})")
    if not names:
        raise ValueError(f"name at least one engine of {', '.join(HearingEngine)}")
    return tuple(dict.fromkeys(names))


class SpeechSettings(ModelSettings):
    """Speech-to-text: which engines hear a call, the first one first, the others when it fails or keeps us waiting.

    ``deadline`` is how long a final text may take after the end of speech before the next engine takes over.
    ``own_phrases`` is a file of sentences, one a line, that PocketSphinx is to expect besides those it comes with.
    """

    engines: Annotated[tuple[HearingEngine, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(HearingEngine.POCKETSPHINX,), validation_alias="STT_ENGINES"
    )
    deadline: timedelta = Field(
        default=timedelta(seconds=1.2), validation_alias="STT_DEADLINE", gt=timedelta(0), le=timedelta(seconds=10)
    )
    own_phrases: Path | None = Field(default=None, validation_alias="STT_PHRASES")
    whisper_model: str = Field(
        default="whisper-base.en", validation_alias="STT_WHISPER_MODEL", pattern=r"^whisper-[A-Za-z0-9._-]{1,60}$"
    )
    whisper_device: str = Field(default="auto", validation_alias="STT_WHISPER_DEVICE", pattern=r"^(auto|cpu|cuda)$")
    whisper_threads: int = Field(default=2, validation_alias="STT_WHISPER_THREADS", ge=1, le=64)
    deepgram_key: SecretStr = Field(default=SecretStr(""), validation_alias="DEEPGRAM_API_KEY")
    deepgram_base_url: str = Field(
        default="https://api.deepgram.com", validation_alias="DEEPGRAM_BASE_URL", pattern=r"^https?://"
    )
    deepgram_model: str = Field(default="nova-3", validation_alias="DEEPGRAM_MODEL", min_length=1)
