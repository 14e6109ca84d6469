"""First in line: hears whether the caller makes a sound, and says so before anything else looks at it."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    Frame,
    InputAudioRawFrame,
    StartFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from voice_node.turns.open_turn import RECOGNISE_SECONDS
from voice_node.turns.voice_activity import SAMPLE_RATE_HZ, START_WINDOWS, WINDOW_SECONDS, Sound, VoiceActivity

PRE_ROLL_BYTES = SAMPLE_RATE_HZ  # half a second of 16-bit samples: from before the voice detector was sure
STALL_SECONDS = 0.6
"""A line that brings nothing for so long while somebody talks is heard as silence."""


class Ear(FrameProcessor):
    """Sits between the line and speech-to-text.

    Takes in: audio at 8,000 Hz. It passes on while somebody talks, together with the half second before; silence
    is nobody's business behind here. Tells ``on_sound`` of every window, and speech-to-text where speech begins. Where
    it ends is not decided here: ``finish`` tells speech-to-text so.
    """

    def __init__(self, *, on_audio: Callable[[bytes], None], on_sound: Callable[[Sound], Awaitable[None]]) -> None:
        """Initialize the processor.

        Args:
            on_audio: Called with all audio, ahead of what it means.
            on_sound: Awaited with what each window of it means.
        """
        super().__init__(enable_direct_mode=True)
        self._activity = VoiceActivity()
        self._on_audio = on_audio
        self._on_sound = on_sound
        self._before = bytearray()
        self._heard_at = 0.0
        self._watching: asyncio.Task[None] | None = None

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Listen to audio; pass everything else on."""
        await super().process_frame(frame, direction)
        if isinstance(frame, InputAudioRawFrame):
            self._heard_at = time.monotonic()
            await self._listen(frame.audio)
            return
        await self.push_frame(frame, direction)
        if isinstance(frame, StartFrame):
            self._watching = self.create_task(self._watch())
        elif isinstance(frame, EndFrame | CancelFrame):
            await self._stop_watching()

    async def cleanup(self) -> None:
        """Leave nothing running."""
        await self._stop_watching()
        await super().cleanup()  # type: ignore[no-untyped-call]

    async def finish(self) -> None:
        """The pause is long enough for speech-to-text to finish what it has heard."""
        self._activity.over()
        await self.push_frame(VADUserStoppedSpeakingFrame(stop_secs=RECOGNISE_SECONDS))

    async def _listen(self, pcm: bytes) -> None:
        self._on_audio(pcm)
        was_talking = self._activity.is_talking
        sounds = self._activity.hear(pcm)
        if was_talking:
            await self.push_frame(_audio(pcm))
        else:
            self._before += pcm
            del self._before[:-PRE_ROLL_BYTES]
        for sound in sounds:
            if sound is Sound.STARTED:
                await self._begin()
            await self._on_sound(sound)

    async def _begin(self) -> None:
        before, self._before = bytes(self._before), bytearray()
        await self.push_frame(_audio(before))
        await self.push_frame(VADUserStartedSpeakingFrame(start_secs=START_WINDOWS * WINDOW_SECONDS))

    async def _watch(self) -> None:
        """Hear silence while the line stalls, so that no turn stays open for ever."""
        silence = bytes(int(STALL_SECONDS * SAMPLE_RATE_HZ) * 2)
        while True:
            await asyncio.sleep(STALL_SECONDS)
            if self._heard_at and time.monotonic() - self._heard_at >= STALL_SECONDS:
                await self._listen(silence)

    async def _stop_watching(self) -> None:
        if self._watching is not None:
            await self.cancel_task(self._watching)
            self._watching = None


def _audio(pcm: bytes) -> InputAudioRawFrame:
    return InputAudioRawFrame(audio=pcm, sample_rate=SAMPLE_RATE_HZ, num_channels=1)
