"""The websocket to the carrier as the two ends of a pipeline."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator

from fastapi import WebSocket, WebSocketDisconnect
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.transports.base_transport import BaseTransport

from voice_node.handshake import StreamStart
from voice_node.line import PEER_GONE, PEER_STUCK, CallSide, Line
from voice_node.media.line_input import LineInput
from voice_node.media.messages import MediaMessages
from voice_node.media.paced_output import PacedOutput

log = logging.getLogger(__name__)
SEND_SECONDS = 2.0
"""How long one message may wait for room on its way to a carrier that does not read."""
CLOSE_SECONDS = 0.5
"""How long the end of a call waits for the carrier to take the closing."""


def stream_line(websocket: WebSocket, start: StreamStart) -> Line:
    """The line that the carrier has opened."""

    def connect(call: CallSide) -> MediaStream:
        messages = MediaMessages(
            start.stream_sid, on_mark=call.playout.marked, on_audio=call.on_audio, on_stop=call.on_end
        )
        return MediaStream(websocket, messages=messages, call=call)

    return Line(call_sid=start.call_sid, part=start.recovered, connect=connect)


class StreamInput(LineInput):
    """Reads the socket: the caller's audio and keys as frames. Once the call ends the socket is closed."""

    def __init__(self, stream: "MediaStream", messages: MediaMessages) -> None:
        super().__init__()
        self._stream = stream
        self._messages = messages

    async def read(self) -> None:
        """Until the carrier leaves."""
        async for message in self._stream.messages():
            frame = self._messages.read(message)
            if frame is not None:
                await self.push_frame(frame)

    async def close(self) -> None:
        """End the stream with the call."""
        await self._stream.close()


class MediaStream(BaseTransport):
    """One call's websocket. Events: ``PEER_STUCK``, the carrier has stopped reading; ``PEER_GONE``, it has left."""

    def __init__(self, websocket: WebSocket, *, messages: MediaMessages, call: CallSide) -> None:
        super().__init__()
        self._websocket = websocket
        self._messages = messages
        self._is_over = False
        self._register_event_handler(PEER_STUCK)
        self._register_event_handler(PEER_GONE)
        self._input = StreamInput(self, messages)
        self._output = PacedOutput(self, playout=call.playout, recording=call.recording)

    def input(self) -> FrameProcessor:
        """What the caller sends."""
        return self._input

    def output(self) -> FrameProcessor:
        """What the caller hears."""
        return self._output

    async def messages(self) -> AsyncGenerator[str]:
        """The carrier's messages as they come, until it leaves."""
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                break
            yield message.get("text") or message["bytes"]
        self._is_over = True
        await self._call_event_handler(PEER_GONE)

    async def play(self, pcm: bytes) -> None:
        """Send the agent's speech."""
        await self._send(self._messages.media(pcm))

    async def mark(self, name: str) -> None:
        """Ask to be told once everything before was played."""
        await self._send(self._messages.mark(name))

    async def clear(self) -> None:
        """Have the carrier drop what it has not played."""
        await self._send(self._messages.clear())

    async def _send(self, message: str) -> None:
        """Whatever goes to the carrier goes through here. Once it does not go in time, nothing more is tried."""
        if self._is_over:
            return
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._websocket.send_text(message)
        except TimeoutError:
            self._is_over = True
            log.warning("The carrier does not read the stream")
            await self._call_event_handler(PEER_STUCK)
        except (WebSocketDisconnect, RuntimeError):
            # Who reads the socket is told as well, and says so to the call.
            self._is_over = True

    async def close(self) -> None:
        """End the stream, as far as the carrier lets us; the server cuts what lingers."""
        if self._is_over:
            return
        self._is_over = True
        with contextlib.suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._websocket.close()
