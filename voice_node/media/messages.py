"""The carrier's media stream messages: read and written, mu-law on the wire, PCM inside."""

import base64
import json
from collections.abc import Callable
from typing import Any

from loguru import logger
from pipecat.audio.dtmf.types import KeypadEntry
from pipecat.frames.frames import (
    AudioRawFrame,
    Frame,
    InputAudioRawFrame,
    InputDTMFFrame,
    InterruptionFrame,
    OutputTransportMessageFrame,
    OutputTransportMessageUrgentFrame,
)
from pipecat.serializers.base_serializer import FrameSerializer

from voice_node.speech.mulaw import from_mulaw, to_mulaw

SAMPLE_RATE_HZ = 8_000
FRAMES_PER_BATCH = 2


class MediaMessages(FrameSerializer):
    """Turns media stream messages into frames and back.

    Two inbound frames of 20 ms travel the pipeline as one: half the work for half a frame of delay.
    ``on_mark`` gets the name of every mark that comes back; ``on_audio`` every inbound batch as PCM;
    ``on_stop`` hears that the carrier ended the stream.
    """

    def __init__(
        self,
        stream_sid: str,
        *,
        on_mark: Callable[[str], None],
        on_audio: Callable[[bytes], None],
        on_stop: Callable[[], None],
    ) -> None:
        super().__init__()
        self._stream_sid = stream_sid
        self._on_mark = on_mark
        self._on_audio = on_audio
        self._on_stop = on_stop
        self._batch: list[bytes] = []

    async def serialize(self, frame: Frame) -> str | bytes | None:
        """The message for a frame, or ``None`` for a frame that the line need not know."""
        if isinstance(frame, AudioRawFrame):
            payload = base64.b64encode(to_mulaw(frame.audio)).decode()
            return f'{{"event":"media","streamSid":"{self._stream_sid}","media":{{"payload":"{payload}"}}}}'
        if isinstance(frame, InterruptionFrame):
            return json.dumps({"event": "clear", "streamSid": self._stream_sid})
        if isinstance(frame, OutputTransportMessageFrame | OutputTransportMessageUrgentFrame):
            return json.dumps(frame.message)
        return None

    def mark(self, name: str) -> dict[str, Any]:
        """A message that comes back once everything before it was played."""
        return {"event": "mark", "streamSid": self._stream_sid, "mark": {"name": name}}

    async def deserialize(self, data: str | bytes) -> Frame | None:
        """The frame for a message; ``None`` for half a batch and for what the pipeline need not know."""
        try:
            message = json.loads(data)
        except json.JSONDecodeError:
            logger.warning("A media stream message is not JSON")
            return None
        event = message.get("event")
        if event == "media":
            return self._media(message["media"]["payload"])
        if event == "mark":
            self._on_mark(str(message["mark"]["name"]))
        elif event == "stop":
            self._on_stop()
        elif event == "dtmf":
            return _key(message["dtmf"]["digit"])
        return None

    def _media(self, payload: str) -> InputAudioRawFrame | None:
        self._batch.append(base64.b64decode(payload))
        if len(self._batch) < FRAMES_PER_BATCH:
            return None
        pcm = from_mulaw(b"".join(self._batch))
        self._batch.clear()
        self._on_audio(pcm)
        return InputAudioRawFrame(audio=pcm, sample_rate=SAMPLE_RATE_HZ, num_channels=1)


def _key(digit: str) -> InputDTMFFrame | None:
    try:
        return InputDTMFFrame(KeypadEntry(digit))
    except ValueError:
        return None
