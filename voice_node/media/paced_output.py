"""Paced playout with a small lead, marks behind every utterance."""

import asyncio
from collections import deque

from pipecat.frames.frames import CancelFrame, EndFrame, Frame, InterruptionFrame, StartFrame, TTSAudioRawFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from voice_node.frames import UtteranceEndFrame, UtteranceStartFrame
from voice_node.line import Outlet
from voice_node.media.messages import SAMPLE_RATE_HZ
from voice_node.media.recording import NoRecording, Recording
from voice_node.turns.playout import Playout

LEAD_SECONDS = 0.4
"""How far ahead of real time audio is sent: the cushion that hides a stall of ours or of the network. The line
drops what it holds when told to, so a lead makes no interruption slower."""
PIECE_SECONDS = 0.1
"""How much goes at once. The line takes pieces of any length; longer ones are less work and a thinner cushion."""
_PIECE_BYTES = int(PIECE_SECONDS * SAMPLE_RATE_HZ) * 2


class PacedOutput(FrameProcessor):
    """The last of the pipeline: sends the agent's speech ``LEAD_SECONDS`` ahead and keeps the playout ledger true.

    Pipecat's own has no lead and no marks, and tells the whole pipeline five times a second that the bot speaks.
    """

    def __init__(self, outlet: Outlet, *, playout: Playout, recording: Recording | NoRecording) -> None:
        """Initialize the processor.

        Args:
            outlet: Where the speech leaves.
            playout: The ledger of the agent's speech.
            recording: What keeps it.
        """
        super().__init__(enable_direct_mode=True)
        self._outlet = outlet
        self._playout = playout
        self._recording = recording
        self._waiting: deque[bytearray | UtteranceStartFrame | UtteranceEndFrame] = deque()
        self._wake = asyncio.Event()
        self._alarm: asyncio.TimerHandle | None = None
        self._playing: asyncio.Task[None] | None = None

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Take speech in; an interruption empties the line, which the ledger must know."""
        await super().process_frame(frame, direction)
        if isinstance(frame, TTSAudioRawFrame):
            self._take(frame.audio)
        elif isinstance(frame, UtteranceStartFrame | UtteranceEndFrame):
            self._waiting.append(frame)
            self._wake.set()
        else:
            await self.push_frame(frame, direction)
        if isinstance(frame, InterruptionFrame) and direction is FrameDirection.DOWNSTREAM:
            self._waiting.clear()
            await self._outlet.clear()
            self._recording.cut(self._playout.line_cleared())
        elif isinstance(frame, StartFrame):
            self._playing = self.create_task(self._play())
        elif isinstance(frame, EndFrame | CancelFrame):
            await self._stop()

    async def cleanup(self) -> None:
        """Leave nothing running."""
        await self._stop()
        await super().cleanup()  # type: ignore[no-untyped-call]

    def _take(self, pcm: bytes) -> None:
        if self._waiting and isinstance(self._waiting[-1], bytearray):
            self._waiting[-1] += pcm
        else:
            self._waiting.append(bytearray(pcm))
        self._wake.set()

    async def _play(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting and self._is_due():
                await self._play_next()

    def _is_due(self) -> bool:
        """Whether the next piece may go; when not, the player is woken once it may."""
        if not isinstance(self._waiting[0], bytearray):
            return True
        early = self._playout.ahead_seconds - (LEAD_SECONDS - PIECE_SECONDS)
        if early <= 0:
            return True
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = asyncio.get_running_loop().call_later(early, self._wake.set)
        return False

    async def _play_next(self) -> None:
        item = self._waiting[0]
        if isinstance(item, bytearray):
            pcm = bytes(item[:_PIECE_BYTES])
            del item[:_PIECE_BYTES]
            if not item:
                self._waiting.popleft()
            self._recording.agent(self._playout.sent(len(pcm) / 2 / SAMPLE_RATE_HZ), pcm)
            await self._outlet.play(pcm)
            return
        self._waiting.popleft()
        if isinstance(item, UtteranceStartFrame):
            self._playout.begin(item.utterance)
        else:
            await self._outlet.mark(self._playout.finish(item.utterance))

    async def _stop(self) -> None:
        playing, self._playing = self._playing, None
        if playing is not None:
            await self.cancel_task(playing)
