"""Speech in the call's pipeline: any synthesiser behind Pipecat's text-to-speech frames."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

from pipecat.frames.frames import ErrorFrame, Frame, InterruptionFrame, TTSAudioRawFrame
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TTSService
from pipecat.transcriptions.language import Language

from shared.kernel.errors import ReautoError
from voice_node.frames import UtteranceStartFrame
from voice_node.speech.synthesis.port import RATE_HZ, Synthesiser
from voice_node.speech.voice import Voice


class SpeechService(TTSService):
    """Speaks for one call, in one voice, at 8,000 Hz.

    An interruption cancels ``run_tts``, which stops the engine's work within milliseconds.

    Args:
        synthesiser: What speaks.
        voice: Who speaks.
        on_turn: Called when the first utterance of a turn of ours comes by, before it is spoken; again for the same
            turn when what was spoken of it before was taken back.
    """

    def __init__(
        self,
        synthesiser: Synthesiser,
        voice: Voice,
        *,
        on_turn: Callable[[int], None] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            sample_rate=RATE_HZ,
            push_start_frame=True,
            push_stop_frames=True,
            settings=TTSSettings(model=synthesiser.name, voice=voice.name, language=Language.EN_US),
            **kwargs,
        )
        self._synthesiser = synthesiser
        self._voice = voice
        self._on_turn = on_turn
        self._turn: int | None = None

    def can_generate_metrics(self) -> bool:
        """Latency and usage are reported."""
        return True

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Notice where turns begin; the rest is Pipecat's."""
        if isinstance(frame, InterruptionFrame):
            self._turn = None
        if isinstance(frame, UtteranceStartFrame) and frame.utterance.turn != self._turn:
            self._turn = frame.utterance.turn
            if self._on_turn:
                self._on_turn(self._turn)
        await super().process_frame(frame, direction)

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """Sound for a text, a frame a piece."""
        await self.start_tts_usage_metrics(text)
        try:
            async with aclosing(self._synthesiser.synthesise(text, self._voice)) as pieces:
                async for pcm in pieces:
                    await self.stop_ttfb_metrics()
                    yield TTSAudioRawFrame(audio=pcm, sample_rate=RATE_HZ, num_channels=1, context_id=context_id)
        except ReautoError as failed:
            yield ErrorFrame(error=str(failed), exception=failed)
