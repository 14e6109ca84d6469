"""The voices of a node from its settings to their last word."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date

from shared.adapters.redis.connect import make_bytes_redis
from shared.adapters.redis.prepared_audio import RedisAudio
from shared.settings import read
from shared.voice_settings import ModelSettings, PremiumSettings, VoiceSettings
from voice_node.speech.voices import NodeVoices


@dataclass(frozen=True, kw_only=True)
class VoiceConfig:
    """Every block of settings that voices read."""

    local: VoiceSettings
    premium: PremiumSettings
    models: ModelSettings

    @classmethod
    def from_environment(cls) -> "VoiceConfig":
        """Read all blocks.

        Raises:
            BadSettings: A variable is unreadable.
        """
        return cls(local=read(VoiceSettings), premium=read(PremiumSettings), models=read(ModelSettings))


@asynccontextmanager
async def running_voices(
    config: VoiceConfig, *, redis_url: str, now: Callable[[], float], today: Callable[[], date]
) -> AsyncIterator[NodeVoices]:
    """Every voice of the configuration that starts, with what is prepared of them.

    Raises:
        Unavailable: None of them starts.
    """
    async with make_bytes_redis(redis_url) as redis:
        voices = NodeVoices(
            config.local,
            config.premium,
            models=config.models.models_folder,
            redis=RedisAudio(redis),
            now=now,
            today=today,
        )
        try:
            await voices.start()
            yield voices
        finally:
            await voices.close()
