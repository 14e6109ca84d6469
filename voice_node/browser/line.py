"""The browser as the line of a call: the same two ends of the pipeline that a carrier's media stream has."""

from collections.abc import Awaitable, Callable
from typing import Any

from pipecat.audio.dtmf.types import KeypadEntry
from pipecat.frames.frames import InputAudioRawFrame, InputDTMFFrame
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.transports.base_transport import BaseTransport

from voice_node.browser.peer import Peer
from voice_node.browser.track import AgentTrack
from voice_node.line import PEER_GONE, PEER_STUCK, CallSide, Line
from voice_node.media.line_input import LineInput
from voice_node.media.messages import SAMPLE_RATE_HZ
from voice_node.media.paced_output import PacedOutput

KEYS = frozenset(entry.value for entry in KeypadEntry)


def browser_line(peer: Peer) -> Line:
    """The line of a browser that has arrived."""
    return Line(call_sid="", part=0, connect=lambda call: BrowserLine(peer, call=call))


class BrowserInput(LineInput):
    """What the browser's microphone hears, as frames; told ``on_gone`` once it hears nothing any more."""

    def __init__(
        self, peer: Peer, *, on_audio: Callable[[bytes], None], on_gone: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__()
        self._peer = peer
        self._on_audio = on_audio
        self._on_gone = on_gone

    def press(self, key: str) -> None:
        """A key of the page's keypad."""
        self.create_task(self.push_frame(InputDTMFFrame(KeypadEntry(key))))

    async def read(self) -> None:
        """Until the browser leaves."""
        async for pcm in self._peer.sound():
            self._on_audio(pcm)
            await self.push_frame(InputAudioRawFrame(audio=pcm, sample_rate=SAMPLE_RATE_HZ, num_channels=1))
        await self._on_gone()


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
