"""The recognisers that the settings ask for, put together: what a worker hears with."""

import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from shared.kernel.errors import Unavailable
from shared.speech_settings import HearingEngine, SpeechSettings
from voice_node.speech.recognition.failover import FailoverEngine
from voice_node.speech.recognition.port import RecognitionEngine
from voice_node.speech.recognition.sphinx_engine import sphinx_engine
from voice_node.speech.recognition.whisper_engine import whisper_engine
from voice_node.speech.recognition.whisper_folder import whisper_folder

if TYPE_CHECKING:
    from voice_node.speech.recognition.deepgram_engine import DeepgramEngine

PACKAGES = {
    HearingEngine.DEEPGRAM: ("deepgram", "deepgram-sdk"),
    HearingEngine.WHISPER: ("faster_whisper", "faster-whisper"),
    HearingEngine.POCKETSPHINX: ("pocketsphinx", "pocketsphinx"),
}
"""The module of each engine, and the package that has it."""


def make_ears(settings: SpeechSettings, *, cache: Path, processes: int = 2) -> FailoverEngine:
    """Every engine of the settings in its order, not started.

    ``cache`` keeps models that are built here; ``processes`` decode where an engine has several.

    Raises:
        Unavailable: A package is missing.
    """
    engines = [_engine(name, settings, cache, processes) for name in settings.engines]
    return FailoverEngine(engines, deadline_seconds=settings.deadline.total_seconds(), now=time.monotonic)


async def look_at_ear(name: HearingEngine, settings: SpeechSettings) -> str:
    """What an engine would hear with, having looked at what it needs: its files, or the vendor's door.

    Raises:
        Unavailable: It would not hear; the message says what to do.
    """
    _need_package(name)
    if name is HearingEngine.WHISPER:
        return str(whisper_folder(settings.models_folder, settings.whisper_model))
    if name is HearingEngine.DEEPGRAM:
        engine = _deepgram(settings)
        await engine.start()
        try:
            await engine.probe()
        finally:
            await engine.close()
        return f"{settings.deepgram_model} at {settings.deepgram_base_url} answers"
    return "embedded, with its own phrases as language model"


def _engine(name: HearingEngine, settings: SpeechSettings, cache: Path, processes: int) -> RecognitionEngine:
    if name is HearingEngine.POCKETSPHINX:
        return sphinx_engine(cache, processes=processes, own_phrases=settings.own_phrases)
    if name is HearingEngine.WHISPER:
        return whisper_engine(
            settings.models_folder,
            settings.whisper_model,
            device=settings.whisper_device,
            threads=settings.whisper_threads,
        )
    _need_package(name)
    return _deepgram(settings)


def _deepgram(settings: SpeechSettings) -> "DeepgramEngine":
    from voice_node.speech.recognition.deepgram_engine import DeepgramEngine  # half a second that others need not pay

    return DeepgramEngine(
        key=settings.deepgram_key.get_secret_value(),
        base_url=settings.deepgram_base_url,
        model=settings.deepgram_model,
    )


def _need_package(name: HearingEngine) -> None:
    module, package = PACKAGES[name]
    if find_spec(module) is None:
        raise Unavailable(f"the engine {name} is missing: install the package {package}")
