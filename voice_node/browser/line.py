"""The browser as the line of a call: the same two ends of the pipeline that a carrier's media stream has."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from pipecat.audio.dtmf.types import KeypadEntry
from pipecat.frames.frames import CancelFrame, EndFrame, Frame, InputAudioRawFrame, InputDTMFFrame, StartFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.transports.base_transport import BaseTransport

from voice_node.browser.peer import Peer
from voice_node.browser.track import AgentTrack
from voice_node.line import PEER_GONE, PEER_STUCK, CallSide, Line
from voice_node.media.messages import SAMPLE_RATE_HZ
from voice_node.media.paced_output import PacedOutput

KEYS = frozenset(entry.value for entry in KeypadEntry)


def browser_line(peer: Peer) -> Line:
    """The line of a browser that has arrived."""
    return Line(call_sid="", part=0, connect=lambda call: BrowserLine(peer, call=call))


class BrowserInput(FrameProcessor):
    """What the browser's microphone hears, as frames; told ``on_gone`` once it hears nothing any more."""

    def __init__(
        self, peer: Peer, *, on_audio: Callable[[bytes], None], on_gone: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(enable_direct_mode=True)
        self._peer = peer
        self._on_audio = on_audio
        self._on_gone = on_gone
        self._reading: asyncio.Task[None] | None = None

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Begin and end with the pipeline; pass everything on."""
        await super().process_frame(frame, direction)
        await self.push_frame(frame, direction)
        if isinstance(frame, StartFrame):
            self._reading = self.create_task(self._read())
        elif isinstance(frame, EndFrame | CancelFrame):
            await self._stop()

    async def cleanup(self) -> None:
        """Leave nothing running."""
        await self._stop()
        await super().cleanup()  # type: ignore[no-untyped-call]

    def press(self, key: str) -> None:
        """A key of the page's keypad."""
        self.create_task(self.push_frame(InputDTMFFrame(KeypadEntry(key))))

    async def _read(self) -> None:
        async for pcm in self._peer.sound():
            self._on_audio(pcm)
            await self.push_frame(InputAudioRawFrame(audio=pcm, sample_rate=SAMPLE_RATE_HZ, num_channels=1))
        await self._on_gone()

    async def _stop(self) -> None:
        reading, self._reading = self._reading, None
        if reading is not None:
            await self.cancel_task(reading)


class BrowserLine(BaseTransport):
    """One call's browser. Messages of the page: ``key`` with a ``digit``, and ``hang_up``."""

    def __init__(self, peer: Peer, *, call: CallSide) -> None:
        super().__init__()
        self._register_event_handler(PEER_STUCK)
        self._register_event_handler(PEER_GONE)
        self._call = call
        track = AgentTrack(on_mark=call.playout.marked)
        self._input = BrowserInput(peer, on_audio=call.on_audio, on_gone=self._gone)
        self._output = PacedOutput(track, playout=call.playout, recording=call.recording)
        peer.on_message = self._read
        peer.plays(track)

    def input(self) -> FrameProcessor:
        """What the person says."""
        return self._input

    def output(self) -> FrameProcessor:
        """What the person hears."""
        return self._output

    def _read(self, message: dict[str, Any]) -> None:
        if message.get("type") == "hang_up":
            self._call.on_end()
        elif message.get("type") == "key" and message.get("digit") in KEYS:
            self._input.press(str(message["digit"]))

    async def _gone(self) -> None:
        await self._call_event_handler(PEER_GONE)
