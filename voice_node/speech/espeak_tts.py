"""Speech in the call's pipeline: eSpeak NG behind Pipecat's text-to-speech frames."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from pipecat.frames.frames import ErrorFrame, Frame, TTSAudioRawFrame
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TTSService
from pipecat.transcriptions.language import Language

from shared.kernel.errors import ReautoError
from voice_node.speech.espeak import EspeakEngine
from voice_node.speech.voice import Voice

RATE_HZ = 8_000

ReportCharacters = Callable[[int], Awaitable[None]]


class EspeakTTS(TTSService):
    """Speaks for one call, in one voice, at 8,000 Hz.

    An interruption cancels ``run_tts``, which stops the engine's work within milliseconds.

    Args:
        engine: The node's engine, started.
        voice: Who speaks.
        report_characters: Told the characters of every text that is synthesised.
    """

    def __init__(
        self,
        engine: EspeakEngine,
        voice: Voice,
        *,
        report_characters: ReportCharacters | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            sample_rate=RATE_HZ,
            push_start_frame=True,
            push_stop_frames=True,
            settings=TTSSettings(model="espeak-ng", voice=voice.name, language=Language.EN_US),
            **kwargs,
        )
        self._engine = engine
        self._voice = voice
        self._report_characters = report_characters

    def can_generate_metrics(self) -> bool:
        """Latency and usage are reported."""
        return True

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """Sound for a text, a frame a clause."""
        await self.start_tts_usage_metrics(text)
        if self._report_characters:
            await self._report_characters(len(text))
        try:
            async for pcm in self._engine.synthesise(text, self._voice):
                await self.stop_ttfb_metrics()
                yield TTSAudioRawFrame(audio=pcm, sample_rate=RATE_HZ, num_channels=1, context_id=context_id)
        except ReautoError as failed:
            yield ErrorFrame(error=str(failed), exception=failed)
