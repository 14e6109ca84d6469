"""The stub models as Pipecat services, for our pipeline and for the plain one alike."""

from collections.abc import AsyncGenerator

from pipecat.frames.frames import (
    ErrorFrame,
    Frame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.services.settings import STTSettings, TTSSettings
from pipecat.services.stt_service import STTService
from pipecat.services.tts_service import TTSService
from pipecat.transcriptions.language import Language
from pipecat.utils.time import time_now_iso8601

from infra.cli.bench_voice.stubs import StubModels
from infra.simulator.carrier.mulaw import SAMPLE_RATE_HZ
from shared.kernel.errors import Unavailable
from voice_node.speech.voice import Voice

RECOGNISED_P99_SECONDS = 0.5


class StubSTT(STTService):
    """Streams what is recognised; told that speech has ended, as by every vendor's adapter, it gives the final text."""

    def __init__(self, models: StubModels) -> None:
        super().__init__(
            sample_rate=SAMPLE_RATE_HZ,
            ttfs_p99_latency=RECOGNISED_P99_SECONDS,
            settings=STTSettings(model="stub", language=Language.EN_US),
        )
        self._models = models

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Interim text as it grows."""
        text = self._models.hear(audio)
        if text:
            yield InterimTranscriptionFrame(text, self._user_id, time_now_iso8601(), Language.EN_US)

    async def _handle_vad_user_stopped_speaking(self, frame: VADUserStoppedSpeakingFrame) -> None:
        await super()._handle_vad_user_stopped_speaking(frame)
        self.create_task(self._finish(), "final transcript")

    async def _finish(self) -> None:
        text = await self._models.transcript()
        if text:
            frame = TranscriptionFrame(text, self._user_id, time_now_iso8601(), Language.EN_US)
            frame.finalized = True
            await self.push_frame(frame)


class StubVoice:
    """A synthesiser that speaks in tones, one for each word."""

    name = vendor = version = "stub"

    def __init__(self, models: StubModels) -> None:
        self._models = models

    async def synthesise(self, text: str, voice: Voice) -> AsyncGenerator[bytes]:
        """Sound for a text, a piece a word."""
        async for pcm in self._models.speech(text):
            yield pcm


class StubTTS(TTSService):
    """Speaks in tones, one for each word."""

    def __init__(self, models: StubModels) -> None:
        super().__init__(
            sample_rate=SAMPLE_RATE_HZ,
            push_start_frame=True,
            push_stop_frames=True,
            settings=TTSSettings(model="stub", voice="stub", language=Language.EN_US),
        )
        self._models = models

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """Sound for a text, a frame a word."""
        try:
            async for pcm in self._models.speech(text):
                yield TTSAudioRawFrame(audio=pcm, sample_rate=SAMPLE_RATE_HZ, num_channels=1, context_id=context_id)
        except Unavailable as away:
            yield ErrorFrame(error=str(away), exception=away)
