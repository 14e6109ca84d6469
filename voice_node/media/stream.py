"""The websocket to the carrier: paced playout with a small lead, marks behind every utterance."""

import asyncio
import logging
import time
from typing import Any

from fastapi import WebSocket
from pipecat.frames.frames import Frame, InterruptionFrame, OutputAudioRawFrame, OutputTransportMessageUrgentFrame
from pipecat.processors.frame_processor import FrameDirection
from pipecat.transports.websocket.fastapi import (
    FastAPIWebsocketClient,
    FastAPIWebsocketOutputTransport,
    FastAPIWebsocketParams,
    FastAPIWebsocketTransport,
)

from voice_node.frames import UtteranceEndFrame, UtteranceStartFrame
from voice_node.media.messages import SAMPLE_RATE_HZ, MediaMessages
from voice_node.media.recording import NoRecording, Recording
from voice_node.turns.playout import Playout

log = logging.getLogger(__name__)
LEAD_SECONDS = 0.18
"""How far ahead of real time audio is sent: the cushion that hides a stall of ours or of the network."""
SEND_SECONDS = 2.0
"""How long one message may wait for room on its way to a carrier that does not read."""
PEER_STUCK = "on_peer_stuck"


class PacedOutput(FastAPIWebsocketOutputTransport):
    """Sends audio ``LEAD_SECONDS`` ahead of real time and keeps the playout ledger true.

    Private parts of the base class are overridden: Pipecat has no lead and no marks.
    """

    def __init__(
        self,
        transport: FastAPIWebsocketTransport,
        client: FastAPIWebsocketClient,
        params: FastAPIWebsocketParams,
        *,
        messages: MediaMessages,
        playout: Playout,
        recording: Recording | NoRecording,
    ) -> None:
        super().__init__(transport, client, params)
        self._messages = messages
        self._playout = playout
        self._recording = recording
        self._is_stuck = False

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Send what the frame asks for; an interruption empties the line, which the ledger must know."""
        await super().process_frame(frame, direction)
        if isinstance(frame, InterruptionFrame):
            self._recording.cut(self._playout.line_cleared())

    async def write_audio_frame(self, frame: OutputAudioRawFrame) -> bool:
        """Write a chunk of audio, and note when it will be heard."""
        starts = self._playout.sent(len(frame.audio) / 2 / SAMPLE_RATE_HZ)
        self._recording.agent(starts, frame.audio)
        return await super().write_audio_frame(frame)

    async def write_transport_frame(self, frame: Frame) -> None:
        """Called in the order of the audio: utterances begin and end here."""
        if isinstance(frame, UtteranceStartFrame):
            self._playout.begin(frame.utterance)
        elif isinstance(frame, UtteranceEndFrame):
            name = self._playout.finish(frame.utterance)
            await self.send_message(OutputTransportMessageUrgentFrame(message=self._messages.mark(name)))

    async def _write_frame(self, frame: Frame) -> bool:
        """Whatever goes to the carrier goes through here. Once it does not go in time, nothing more is tried."""
        if self._is_stuck:
            return False
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return await super()._write_frame(frame)
        except TimeoutError:
            self._is_stuck = True
            log.warning("The carrier does not read the stream")
            await self._transport._call_event_handler(PEER_STUCK)
            return False

    async def _write_audio_sleep(self) -> None:
        now = time.monotonic()
        self._next_send_time = max(self._next_send_time, now) + self._send_interval  # type: ignore[assignment]
        await asyncio.sleep(max(0.0, self._next_send_time - LEAD_SECONDS - now))


class MediaStream(FastAPIWebsocketTransport):
    """One call's websocket as the two ends of a pipeline. Event ``PEER_STUCK``: the carrier has stopped reading."""

    def __init__(
        self, websocket: WebSocket, *, messages: MediaMessages, playout: Playout, recording: Recording | NoRecording
    ) -> None:
        params = FastAPIWebsocketParams(
            audio_in_enabled=True,
            audio_out_enabled=True,
            audio_out_end_silence_secs=0,
            serializer=messages,
            allowed_origins=[],
        )
        super().__init__(websocket, params)
        self._register_event_handler(PEER_STUCK)
        self._output: Any = PacedOutput(
            self, self._client, params, messages=messages, playout=playout, recording=recording
        )
