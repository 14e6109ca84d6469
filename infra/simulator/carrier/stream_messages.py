"""The text frames of Media Streams, written and read."""

import base64
import json
from dataclasses import dataclass
from typing import Any

CONNECTED = '{"event":"connected","protocol":"Call","version":"1.0.0"}'


class BadMessage(Exception):
    """The server sent something the protocol does not know."""


@dataclass(frozen=True, kw_only=True)
class FromServer:
    """A message from the server: ``media`` with its audio, ``mark`` with its name, or ``clear``."""

    event: str
    audio: bytes = b""
    name: str = ""


def start_message(
    sequence: int, *, stream_sid: str, account_sid: str, call_sid: str, parameters: dict[str, str]
) -> str:
    """The first numbered message: which call this is, and what sound follows."""
    content = {
        "accountSid": account_sid,
        "streamSid": stream_sid,
        "callSid": call_sid,
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": parameters,
    }
    return numbered(sequence, "start", content, stream_sid=stream_sid)


def media_message(sequence: int, *, chunk: int, frame: bytes, stream_sid: str) -> str:
    """20 ms of the person's voice. Written by hand: it leaves fifty times a second for every call."""
    payload = base64.b64encode(frame).decode()
    return (
        f'{{"event":"media","sequenceNumber":"{sequence}","media":{{"track":"inbound",'
        f'"chunk":"{chunk}","timestamp":"{(chunk - 1) * 20}","payload":"{payload}"}},'
        f'"streamSid":"{stream_sid}"}}'
    )


def numbered(sequence: int, event: str, content: dict[str, Any], *, stream_sid: str) -> str:
    """Any other message that carries a number; numbers are strings on this wire."""
    return json.dumps({"event": event, "sequenceNumber": str(sequence), event: content, "streamSid": stream_sid})


def read_message(text: str | bytes, *, stream_sid: str) -> FromServer:
    """What the server sent.

    Raises:
        BadMessage: It is no JSON, belongs to another stream, or is none of the three events.
    """
    try:
        values: dict[str, Any] = json.loads(text)
        event, sid = values["event"], values["streamSid"]
        if event == "media":
            payload = base64.b64decode(values["media"]["payload"], validate=True)
            message = FromServer(event=event, audio=payload)
        elif event == "mark":
            message = FromServer(event=event, name=str(values["mark"]["name"]))
        else:
            message = FromServer(event=event)
    except (ValueError, KeyError, TypeError) as error:
        raise BadMessage from error
    if sid != stream_sid or message.event not in ("media", "mark", "clear"):
        raise BadMessage
    return message
