"""The engines that are measured: recognisers and voices by name, each alone, as the settings configure them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from shared.kernel.errors import Refused
from shared.speech_settings import HearingEngine, SpeechSettings
from shared.voice_settings import LocalEngine, PremiumSettings, VoiceSettings
from voice_node.speech.ears import make_ears
from voice_node.speech.evaluation.speaking import Speaker, speakers_of
from voice_node.speech.evaluation.words import AT_ONCE
from voice_node.speech.premium import elevenlabs_config
from voice_node.speech.recognition.port import RecognitionEngine
from voice_node.speech.synthesis.elevenlabs.engine import ElevenLabsEngine
from voice_node.speech.synthesis.levelled import Levelled, Levels
from voice_node.speech.voices import local_engine

PREMIUM = "elevenlabs"
VOICES: tuple[str, ...] = (*get_args(LocalEngine), PREMIUM)
ALL: tuple[str, ...] = (*HearingEngine, *VOICES)
EMBEDDED_EAR, EMBEDDED_VOICE = HearingEngine.POCKETSPHINX, "espeak"


class NotConfigured(Refused):
    """An engine was asked for that the settings do not configure."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Which recognisers hear and which voices speak; the embedded ones where nobody was named."""

    ears: tuple[HearingEngine, ...] = (EMBEDDED_EAR,)
    voices: tuple[str, ...] = (EMBEDDED_VOICE,)

    @classmethod
    def named(cls, names: Sequence[str]) -> "Chosen":
        """Those among ``names``."""
        ears = tuple(HearingEngine(name) for name in dict.fromkeys(names) if name in set(HearingEngine))
        voices = tuple(name for name in dict.fromkeys(names) if name in VOICES)
        return cls(ears=ears or (EMBEDDED_EAR,), voices=voices or (EMBEDDED_VOICE,))


@dataclass(frozen=True, kw_only=True)
class EngineSettings:
    """Every block of settings that engines read."""

    hearing: SpeechSettings
    local: VoiceSettings
    premium: PremiumSettings


@dataclass(frozen=True, kw_only=True)
class Running:
    """The engines, started: recognisers by name, and the speakers of each voice engine by its name."""

    ears: Mapping[str, RecognitionEngine]
    speakers: Mapping[str, Sequence[Speaker]]

    @property
    def everybody(self) -> Sequence[Speaker]:
        """The speakers of all engines."""
        return tuple(speaker for each in self.speakers.values() for speaker in each)


@asynccontextmanager
async def running(chosen: Chosen, settings: EngineSettings, *, cache: Path) -> AsyncIterator[Running]:
    """The chosen engines while they are measured; ``cache`` is for models that are built here.

    Raises:
        NotConfigured: The settings lack what an engine needs.
        Unavailable: An engine does not start; the message says what to do.
    """
    async with AsyncExitStack() as closing:
        ears: dict[str, RecognitionEngine] = {}
        for name in chosen.ears:
            alone = settings.hearing.model_copy(update={"engines": (name,)})
            ear = ears[name] = make_ears(alone, cache=cache, processes=AT_ONCE)
            closing.push_async_callback(ear.close)
            await ear.start()
        speakers = {name: await _speakers(name, settings, closing) for name in chosen.voices}
        yield Running(ears=ears, speakers=speakers)


async def _speakers(name: str, settings: EngineSettings, closing: AsyncExitStack) -> Sequence[Speaker]:
    if name == PREMIUM:
        if not settings.premium.is_configured:
            raise NotConfigured("elevenlabs is not configured: set ELEVENLABS_API_KEY and ELEVENLABS_VOICE")
        premium = ElevenLabsEngine(elevenlabs_config(settings.premium))
        closing.push_async_callback(premium.close)
        return speakers_of(Levelled(premium, Levels()), settings.premium.cast, are_prepared=False)
    engine = next(local_engine(each, settings.local, settings.hearing.models_folder)
                  for each in get_args(LocalEngine) if each == name)  # fmt: skip
    closing.push_async_callback(engine.close)
    await engine.start()
    casts = {"piper": settings.local.piper, "kokoro": settings.local.kokoro}
    return speakers_of(engine, casts.get(name))
