"""Recognition in the call's pipeline: any recogniser behind Pipecat's speech-to-text frames."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    Frame,
    InterimTranscriptionFrame,
    StartFrame,
    TranscriptionFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.services.settings import STTSettings
from pipecat.services.stt_service import STTService
from pipecat.transcriptions.language import Language
from pipecat.utils.time import time_now_iso8601

from shared.kernel.errors import Unavailable
from voice_node.speech.recognition.port import BYTES_PER_SECOND, RATE_HZ, Heard, Recogniser, Utterance

PRE_ROLL_SECONDS = 0.5
"""Sound from before the voice detector was sure, which takes it 0.1 to 0.2 s."""
LONGEST_SECONDS = 20.0
"""A longer stretch without a pause, a voicemail greeting for one, is cut into several finals."""

ReportSeconds = Callable[[float, str], Awaitable[None]]


class SpeechToText(STTService):
    """Hears one call. Needs voice detection in the pipeline and 8,000 Hz sound.

    Interim text is pushed while the person talks and a final one, marked as such, right after
    the voice detector says that they stopped. Nothing is pushed for silence, or when no word was
    understood: the event ``on_nothing_understood`` tells of the latter. Each frame's ``result`` is the ``Heard``.

    Args:
        recogniser: The call's own; closed with the call.
        report_seconds: Told the seconds of speech recognised and the vendor's name in the price table, once an
            utterance and vendor.
    """

    def __init__(self, recogniser: Recogniser, *, report_seconds: ReportSeconds | None = None, **kwargs: Any) -> None:
        super().__init__(
            audio_passthrough=False,
            sample_rate=RATE_HZ,
            ttfs_p99_latency=recogniser.facts.slowest_final_seconds,
            settings=STTSettings(model=recogniser.facts.version, language=Language.EN_US),
            **kwargs,
        )
        self._recogniser = recogniser
        self._report_seconds = report_seconds
        self._before: deque[bytes] = deque()
        self._before_bytes = 0
        self._utterance: Utterance | None = None
        self._unsettled: list[Utterance] = []
        self._spoken: asyncio.Queue[Utterance | None] = asyncio.Queue()
        self._reading: asyncio.Task[None] | None = None
        self._register_event_handler("on_nothing_understood")

    def can_generate_metrics(self) -> bool:
        """Latency and usage are reported."""
        return True

    async def start(self, frame: StartFrame) -> None:
        """Begin to read what the recogniser hears."""
        await super().start(frame)
        self._reading = self.create_task(self._read_utterances(), "utterances")

    async def stop(self, frame: EndFrame) -> None:
        """Let the speech that is on its way be understood, then stop."""
        await self._close()
        await super().stop(frame)

    async def cancel(self, frame: CancelFrame) -> None:
        """Stop at once."""
        await self._drop()
        await super().cancel(frame)

    async def cleanup(self) -> None:
        """Leave nothing running."""
        await self._drop()
        await self._recogniser.close()
        await super().cleanup()  # type: ignore[no-untyped-call]

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Pass sound on while somebody talks; otherwise keep the last half second."""
        if self._utterance is None:
            self._remember(audio)
        else:
            if self._utterance.seconds >= LONGEST_SECONDS:
                self._finish()
                self._begin()
            if self._utterance is not None:
                self._utterance.hear(audio)
        yield None

    async def _handle_vad_user_started_speaking(self, frame: VADUserStartedSpeakingFrame) -> None:
        await super()._handle_vad_user_started_speaking(frame)
        if self._utterance is None:
            self._begin()

    async def _handle_vad_user_stopped_speaking(self, frame: VADUserStoppedSpeakingFrame) -> None:
        await super()._handle_vad_user_stopped_speaking(frame)
        self._finish()

    def _record_stt_audio_usage(self, audio: bytes | bytearray) -> None:
        """Only speech is recognised, so silence is not counted as it passes by."""

    def _begin(self) -> None:
        try:
            self._utterance = self._recogniser.open()
        except Unavailable as gone:
            self.create_task(self.push_error(str(gone), exception=gone), "report")
            return
        while self._before:
            self._utterance.hear(self._before.popleft())
        self._before_bytes = 0
        self._unsettled.append(self._utterance)
        self._spoken.put_nowait(self._utterance)

    def _finish(self) -> None:
        utterance, self._utterance = self._utterance, None
        if utterance:
            utterance.finish()

    def _remember(self, audio: bytes) -> None:
        self._before.append(audio)
        self._before_bytes += len(audio)
        while self._before_bytes > PRE_ROLL_SECONDS * BYTES_PER_SECOND:
            self._before_bytes -= len(self._before.popleft())

    async def _read_utterances(self) -> None:
        """One utterance after the other, so that texts come in the order they were spoken."""
        while utterance := await self._spoken.get():
            try:
                async for heard in utterance:
                    await self._push(heard)
            except Unavailable as gone:
                await self.push_error(str(gone), exception=gone)
                await self._call_event_handler("on_nothing_understood")
            await self._settle(utterance)

    async def _push(self, heard: Heard) -> None:
        if heard.text:
            kind = TranscriptionFrame if heard.final else InterimTranscriptionFrame
            frame = kind(heard.text, self._user_id, time_now_iso8601(), Language.EN_US, result=heard)
            if isinstance(frame, TranscriptionFrame):
                frame.finalized = True
            await self.push_frame(frame)
        elif heard.final:
            await self.cancel_ttfb_metrics()  # type: ignore[no-untyped-call]
            await self._call_event_handler("on_nothing_understood")

    async def _settle(self, utterance: Utterance) -> None:
        """Tell what the utterance cost, once."""
        if utterance not in self._unsettled:
            return
        self._unsettled.remove(utterance)
        for each in utterance.listened:
            super()._record_stt_audio_usage(bytes(round(each.seconds * RATE_HZ) * 2))
            if self._report_seconds and each.seconds:
                await self._report_seconds(each.seconds, each.vendor)
        await self.emit_stt_usage_metrics()  # type: ignore[no-untyped-call]

    async def _close(self) -> None:
        self._finish()
        if self._reading:
            self._spoken.put_nowait(None)
            await self._reading
            self._reading = None

    async def _drop(self) -> None:
        self._utterance = None
        for utterance in self._unsettled:
            utterance.abandon()
        if self._reading:
            await self.cancel_task(self._reading)
            self._reading = None
        for utterance in tuple(self._unsettled):
            await self._settle(utterance)
