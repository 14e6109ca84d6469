"""The first two messages of a media stream: who is connecting, and by what right."""

import asyncio
import json
from dataclasses import dataclass

from fastapi import WebSocket

from shared.kernel.errors import Malformed

PATIENCE_SECONDS = 5.0


class NotAStream(Malformed):
    """What connected does not speak the carrier's media stream protocol."""


@dataclass(frozen=True, kw_only=True)
class StreamStart:
    """What the carrier says when a stream begins. ``token`` is empty when none was given.

    ``recovered`` counts how often the call was connected again: it is the part of the call that this stream is.
    """

    stream_sid: str
    call_sid: str
    account_sid: str
    token: str
    recovered: int = 0


async def shake_hands(websocket: WebSocket) -> StreamStart:
    """Read ``connected`` and ``start``.

    Raises:
        NotAStream: Something else came, or nothing in time.
    """
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            connected = json.loads(await websocket.receive_text())
            start = json.loads(await websocket.receive_text())
        if connected["event"] != "connected" or start["event"] != "start":
            raise NotAStream("the stream does not begin with connected and start")
        body = start["start"]
        media = body["mediaFormat"]
        if (media["encoding"], int(media["sampleRate"])) != ("audio/x-mulaw", 8_000):
            raise NotAStream("the stream is not mu-law at 8,000 Hz")
        return StreamStart(
            stream_sid=str(start["streamSid"]),
            call_sid=str(body["callSid"]),
            account_sid=str(body["accountSid"]),
            token=str(body.get("customParameters", {}).get("token", "")),
            recovered=int(body.get("customParameters", {}).get("recovered", 0)),
        )
    except TimeoutError as late:
        raise NotAStream("the stream says nothing") from late
    except (KeyError, TypeError, ValueError) as error:
        raise NotAStream("the stream's first messages cannot be read") from error
