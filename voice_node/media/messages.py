"""The carrier's media stream messages: read and written, mu-law on the wire, PCM inside."""

import base64
import json
from collections.abc import Callable

from loguru import logger
from pipecat.audio.dtmf.types import KeypadEntry
from pipecat.frames.frames import Frame, InputAudioRawFrame, InputDTMFFrame

from voice_node.speech.mulaw import from_mulaw, to_mulaw

SAMPLE_RATE_HZ = 8_000


class MediaMessages:
    """Turns media stream messages into frames, and what is to be sent into messages.

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
        self._stream_sid = stream_sid
        self._on_mark = on_mark
        self._on_audio = on_audio
        self._on_stop = on_stop
        self._first_half = b""

    def media(self, pcm: bytes) -> str:
        """Sound for the line: 16-bit little-endian mono PCM at 8,000 Hz, of any length."""
        payload = base64.b64encode(to_mulaw(pcm)).decode()
        return f'{{"event":"media","streamSid":"{self._stream_sid}","media":{{"payload":"{payload}"}}}}'

    def mark(self, name: str) -> str:
        """A message that comes back once everything before it was played."""
        return json.dumps({"event": "mark", "streamSid": self._stream_sid, "mark": {"name": name}})

    def clear(self) -> str:
        """Has the line drop what it was sent and has not played."""
        return json.dumps({"event": "clear", "streamSid": self._stream_sid})

    def read(self, data: str | bytes) -> Frame | None:
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
        mulaw = base64.b64decode(payload)
        if not self._first_half:
            self._first_half = mulaw
            return None
        pcm, self._first_half = from_mulaw(self._first_half + mulaw), b""
        self._on_audio(pcm)
        return InputAudioRawFrame(audio=pcm, sample_rate=SAMPLE_RATE_HZ, num_channels=1)


def _key(digit: str) -> InputDTMFFrame | None:
    try:
        return InputDTMFFrame(KeypadEntry(digit))
    except ValueError:
        return None
