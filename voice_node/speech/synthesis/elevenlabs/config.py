"""How ElevenLabs is asked to speak."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

BASE_URL = "https://api.elevenlabs.io"


@dataclass(frozen=True, kw_only=True)
class PronunciationDictionary:
    """A dictionary of the account, at a version of it."""

    dictionary_id: str
    version_id: str


@dataclass(frozen=True, kw_only=True)
class ElevenLabsConfig:
    """The account and the sound.

    ``voices`` names the account's voice for each voice of ours, ``default_voice`` the one for all others.
    ``vendor`` is the row of the price table that the model is paid by.
    """

    api_key: str = field(repr=False)
    default_voice: str
    voices: Mapping[str, str] = field(default_factory=dict)
    model: str = "eleven_flash_v2_5"
    vendor: str = "elevenlabs_flash"
    base_url: str = BASE_URL
    stability: float = 0.5
    similarity: float = 0.75
    dictionaries: tuple[PronunciationDictionary, ...] = ()

    def voice_id(self, ours: str) -> str:
        """The account's voice that speaks as ``ours``."""
        return self.voices.get(ours, self.default_voice)

    def stream_url(self, voice_id: str) -> str:
        """Where a websocket for this voice is opened; the sound comes as mu-law at 8,000 Hz."""
        asked = {
            "model_id": self.model,
            "output_format": "ulaw_8000",
            "auto_mode": "true",
            "inactivity_timeout": "60",
        }
        root = self.base_url.replace("http", "ws", 1).rstrip("/")
        return f"{root}/v1/text-to-speech/{quote(voice_id, safe='')}/multi-stream-input?{urlencode(asked)}"

    def opening(self, speed: float) -> dict[str, object]:
        """What the first message of a context carries; ``speed`` 1.0 is the voice's own."""
        settings = {"stability": self.stability, "similarity_boost": self.similarity, "speed": round(speed, 2)}
        opening: dict[str, object] = {"text": " ", "voice_settings": settings}
        if self.dictionaries:
            opening["pronunciation_dictionary_locators"] = [
                {"pronunciation_dictionary_id": each.dictionary_id, "version_id": each.version_id}
                for each in self.dictionaries
            ]
        return opening
