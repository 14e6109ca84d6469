"""A carrier's side of a media stream, small enough to see through: it hears, speaks and returns marks at real pace."""

import asyncio
import base64
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

FRAME_BYTES, FRAME_SECONDS = 160, 0.02
SILENCE = b"\xff" * FRAME_BYTES


async def until(condition: Callable[[], Any], *, seconds: float = 20.0) -> None:
    """Wait until ``condition`` holds; fails when it does not in time."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for is on the far side of a socket
            await asyncio.sleep(0.01)


@dataclass
class MediaClient:
    """One stream. What the far side sends is played at real pace into ``heard``; marks come back when reached."""

    connection: ClientConnection
    stream_sid: str = "MZ00000000000000000000000000000001"
    heard: bytearray = field(default_factory=bytearray)
    clears: list[float] = field(default_factory=list)
    first_audio_at: float | None = None
    audio_at: list[float] = field(default_factory=list)
    started_at: float = 0.0
    is_closed: asyncio.Event = field(default_factory=asyncio.Event)
    _queue: list[bytes | str] = field(default_factory=list)
    _mouth: bytearray = field(default_factory=bytearray)
    _count: int = 0

    @property
    def is_playing(self) -> bool:
        """Whether audio of the agent is queued for the ear."""
        return bool(self._queue)

    @property
    def is_speaking(self) -> bool:
        """Whether audio is still leaving the mouth."""
        return bool(self._mouth)

    def speak(self, mulaw: bytes) -> None:
        """Queue audio for the mouth."""
        self._mouth += mulaw

    async def send(self, message: dict[str, Any]) -> None:
        """Send one message to the node."""
        self._count += 1
        await self.connection.send(json.dumps({"sequenceNumber": str(self._count), **message}))

    async def start(self, *, token: str, call_sid: str, recovered: int) -> None:
        """The two messages every stream begins with."""
        await self.connection.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        start = {
            "accountSid": "AC1",
            "streamSid": self.stream_sid,
            "callSid": call_sid,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"token": token, "recovered": str(recovered)},
        }
        await self.send({"event": "start", "streamSid": self.stream_sid, "start": start})
        self.started_at = time.monotonic()

    async def press(self, digit: str) -> None:
        """Press a key."""
        await self.send({"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": digit}})

    async def listen(self) -> None:
        """Take what the node sends, until the stream closes."""
        with contextlib.suppress(ConnectionClosed):
            async for text in self.connection:
                message = json.loads(text)
                if message["event"] == "media":
                    self.audio_at.append(time.monotonic())
                    self.first_audio_at = self.first_audio_at or time.monotonic()
                    self._queue.append(base64.b64decode(message["media"]["payload"]))
                elif message["event"] == "mark":
                    self._queue.append(message["mark"]["name"])
                elif message["event"] == "clear":
                    self.clears.append(time.monotonic())
                    marks = [item for item in self._queue if isinstance(item, str)]
                    self._queue.clear()
                    for name in marks:
                        await self.send({"event": "mark", "mark": {"name": name}})
        self.is_closed.set()

    async def run_line(self) -> None:
        """20 ms in each direction at real pace, until the stream closes."""
        begun, number = time.monotonic(), 0
        with contextlib.suppress(ConnectionClosed):
            while not self.is_closed.is_set():
                await self._hear()
                frame = bytes(self._mouth[:FRAME_BYTES]).ljust(FRAME_BYTES, b"\xff")
                del self._mouth[:FRAME_BYTES]
                await self.send({"event": "media", "media": {"payload": base64.b64encode(frame).decode()}})
                number += 1
                await asyncio.sleep(max(0.0, begun + number * FRAME_SECONDS - time.monotonic()))

    async def _hear(self) -> None:
        frame = bytearray()
        while self._queue and len(frame) < FRAME_BYTES:
            item = self._queue[0]
            if isinstance(item, str):
                self._queue.pop(0)
                await self.send({"event": "mark", "mark": {"name": item}})
                continue
            wanted = FRAME_BYTES - len(frame)
            frame += item[:wanted]
            self._queue[0] = item[wanted:]
            if not self._queue[0]:
                self._queue.pop(0)
        while self._queue and isinstance(self._queue[0], str):
            await self.send({"event": "mark", "mark": {"name": str(self._queue.pop(0))}})
        self.heard += bytes(frame).ljust(FRAME_BYTES, b"\xff")

    async def until_quiet(self, seconds: float = 0.3) -> None:
        """Wait until the agent has been silent for a while, or the stream is closed."""
        quiet = 0.0
        while quiet < seconds and not self.is_closed.is_set():
            await asyncio.sleep(FRAME_SECONDS)
            quiet = 0.0 if self.is_playing or self.first_audio_at is None else quiet + FRAME_SECONDS


@contextlib.asynccontextmanager
async def on_the_line(
    url: str, *, token: str, call_sid: str = "CA1", recovered: int = 0
) -> AsyncIterator["MediaClient"]:
    """A connected client whose line runs in the background."""
    async with connect(url, compression=None) as connection:
        client = MediaClient(connection)
        await client.start(token=token, call_sid=call_sid, recovered=recovered)
        tasks = [asyncio.create_task(client.listen()), asyncio.create_task(client.run_line())]
        try:
            yield client
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
