"""A server that speaks Deepgram's live protocol, as published: Results, Metadata, Finalize, KeepAlive, CloseStream.

It understands a language of its own: a quarter of a second at one level is one word. So what it says shows what sound
reached it, and in which order.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from voice_node.speech.mulaw import from_mulaw

WORDS = ("hello", "please", "call", "me", "back", "tomorrow", "morning", "thanks")
WORD_SAMPLES = 2_000
LEVEL = 2_500
SECONDS_PER_WORD = WORD_SAMPLES / 8_000
REQUEST_ID = "0195a000-0000-7000-8000-00000000000d"


def spell(words: str) -> bytes:
    """Sound, 16-bit PCM at 8,000 Hz, that the server takes for these words."""
    levels = [LEVEL * (1 + WORDS.index(word)) for word in words.split()]
    return b"".join(np.full(WORD_SAMPLES, level, "<i2").tobytes() for level in levels)


@dataclass
class Visit:
    """One connection: what came in on it. ``segment`` is the mu-law since the last final result."""

    query: dict[str, str]
    authorization: str
    orders: list[str] = field(default_factory=list)
    sound: bytearray = field(default_factory=bytearray)
    segment: bytearray = field(default_factory=bytearray)
    is_over: bool = False

    @property
    def words(self) -> list[str]:
        """The words of the sound since the last final result."""
        samples = np.frombuffer(from_mulaw(bytes(self.segment)), "<i2")
        whole = samples[: len(samples) // WORD_SAMPLES * WORD_SAMPLES].reshape(-1, WORD_SAMPLES)
        return [WORDS[round(float(np.median(block)) / LEVEL) - 1] for block in whole]


@dataclass
class Manners:
    """How the server behaves: by default as it should.

    ``refuses`` the handshake by HTTP status, as often as ``times`` says; ``drops_after`` so many words closes the
    connection with 1011, ``times`` times; ``is_mute`` takes everything and says nothing; ``settles_every`` so many
    words it gives a final result unasked. A flush that finds no sound waiting is not answered, as may well be.
    """

    refuses: int | None = None
    drops_after: int | None = None
    times: int = 1_000
    is_mute: bool = False
    settles_every: int | None = None
    says_error: str = ""


@dataclass
class DeepgramServer:
    """The running server."""

    manners: Manners
    url: str = ""
    visits: list[Visit] = field(default_factory=list)
    refused: int = 0

    def answer_handshake(self, connection: ServerConnection, request: Request) -> Response | None:
        if self.manners.refuses is None or self.refused >= self.manners.times:
            return None
        self.refused += 1
        return connection.respond(HTTPStatus(self.manners.refuses), '{"err_msg": "no"}')

    async def talk(self, connection: ServerConnection) -> None:
        assert connection.request
        query = parse_qs(urlsplit(connection.request.path).query)
        visit = Visit(
            query={name: values[0] for name, values in query.items()},
            authorization=connection.request.headers.get("Authorization", ""),
        )
        self.visits.append(visit)
        try:
            async for message in connection:
                if isinstance(message, bytes):
                    await self._hear(connection, visit, message)
                elif not await self._obey(connection, visit, json.loads(message)["type"]):
                    return
        except ConnectionClosed:
            return
        finally:
            visit.is_over = True

    async def _hear(self, connection: ServerConnection, visit: Visit, sound: bytes) -> None:
        before = len(visit.words)
        visit.sound += sound
        visit.segment += sound
        if self.manners.is_mute or len(visit.words) == before:
            return
        if self.manners.says_error:
            await connection.send(json.dumps({"type": "Error", "variant": "X", "description": self.manners.says_error}))
            return
        words = len(visit.sound) // WORD_SAMPLES
        if self.manners.drops_after == words and len(self.visits) <= self.manners.times:
            await connection.close(1011, "NET-0001")
            return
        await connection.send(_results(visit, visit.words))
        if self.manners.settles_every and len(visit.words) >= self.manners.settles_every:
            await self._settle(connection, visit)

    async def _obey(self, connection: ServerConnection, visit: Visit, order: str) -> bool:
        visit.orders.append(order)
        if order == "Finalize" and not self.manners.is_mute and visit.segment:
            await self._settle(connection, visit, from_finalize=True)
        if order == "CloseStream":
            await connection.send(json.dumps(_metadata(visit)))
            await connection.close()
            return False
        return True

    async def _settle(self, connection: ServerConnection, visit: Visit, *, from_finalize: bool = False) -> None:
        await connection.send(_results(visit, visit.words, is_final=True, from_finalize=from_finalize))
        visit.segment.clear()


@asynccontextmanager
async def deepgram(**manners: Any) -> AsyncIterator[DeepgramServer]:
    """A server on a free port."""
    server = DeepgramServer(Manners(**manners))
    async with serve(server.talk, "127.0.0.1", 0, process_request=server.answer_handshake) as listening:
        server.url = f"http://127.0.0.1:{next(iter(listening.sockets)).getsockname()[1]}"
        yield server


async def until(condition: Any) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what it waits for lies in another's hands
            await asyncio.sleep(0.005)


def _results(visit: Visit, words: Sequence[str], *, is_final: bool = False, from_finalize: bool = False) -> str:
    start = (len(visit.sound) - len(visit.segment)) / 8_000
    told = [
        {
            "word": word,
            "start": start + place * SECONDS_PER_WORD,
            "end": start + (place + 1) * SECONDS_PER_WORD,
            "confidence": 0.9,
        }
        for place, word in enumerate(words)
    ]
    return json.dumps(
        {
            "type": "Results",
            "channel_index": [0, 1],
            "duration": len(visit.segment) / 8_000,
            "start": start,
            "is_final": is_final,
            "speech_final": False,
            "from_finalize": from_finalize,
            "channel": {
                "alternatives": [{"transcript": " ".join(words), "confidence": 0.9 if words else 0.0, "words": told}]
            },
            "metadata": {
                "request_id": REQUEST_ID,
                "model_info": {"name": "general-nova-3", "version": "2025-04-17.21547", "arch": "nova-3"},
                "model_uuid": REQUEST_ID,
            },
        }
    )


def _metadata(visit: Visit) -> dict[str, Any]:
    return {
        "type": "Metadata",
        "transaction_key": "deprecated",
        "request_id": REQUEST_ID,
        "sha256": "0" * 64,
        "created": "2026-03-10T18:00:00.000Z",
        "duration": len(visit.sound) / 8_000,
        "channels": 1,
    }
