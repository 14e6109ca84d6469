"""One websocket to ElevenLabs: several texts at once, each in a context of its own."""

import asyncio
import base64
import binascii
import itertools
import json
import logging
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from voice_node.speech.mulaw import from_mulaw
from voice_node.speech.synthesis.elevenlabs.config import ElevenLabsConfig
from voice_node.speech.synthesis.elevenlabs.faults import fault_of, fault_of_answer, fault_of_words
from voice_node.speech.synthesis.port import SynthesisFailed

log = logging.getLogger(__name__)

MOST_CONTEXTS = 4
"""Five may be open on a socket, and one more ends it with all that is being said on it."""
LEAVING_SECONDS = 30.0
"""How long a context that nobody listens to any more is taken to be open when its end is not told."""
CONNECT_SECONDS, SEND_SECONDS = 3.0, 2.0
KEEPALIVE_SECONDS = 15.0
POLICY_VIOLATION = 1008
LARGEST_MESSAGE = 4 * 1024 * 1024


@dataclass
class Context:
    """One text on its way to sound. ``spoken`` counts the characters that the sound so far stands for.

    ``is_over``: ElevenLabs has told its end, whether we have read that far or not.
    """

    pieces: asyncio.Queue[bytes | SynthesisFailed | None] = field(default_factory=asyncio.Queue)
    spoken: int | None = None
    is_over: bool = False


class ElevenLabsStream:
    """A websocket that is open, for one voice. ``open`` makes one."""

    def __init__(self, socket: ClientConnection, config: ElevenLabsConfig) -> None:
        self._socket = socket
        self._config = config
        self._names = itertools.count(1)
        self._contexts: dict[str, Context] = {}
        self._leaving: dict[str, float] = {}
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._keep_alive())]
        self._is_open = True

    @classmethod
    async def open(cls, config: ElevenLabsConfig, voice_id: str) -> "ElevenLabsStream":
        """Connect.

        Raises:
            SynthesisFailed: The key is refused, too much is asked at once, or nobody answers.
        """
        headers = {"xi-api-key": config.api_key}
        try:
            socket = await connect(
                config.stream_url(voice_id),
                additional_headers=headers,
                open_timeout=CONNECT_SECONDS,
                close_timeout=0.5,
                max_size=LARGEST_MESSAGE,
                proxy=None,
            )
        except InvalidStatus as refused:
            raise fault_of_answer(refused.response.status_code, bytes(refused.response.body or b"")) from refused
        except (OSError, TimeoutError, InvalidHandshake) as away:
            raise fault_of("unreachable") from away
        return cls(socket, config)

    @property
    def has_room(self) -> bool:
        """Whether another text may be spoken on it now."""
        now = asyncio.get_running_loop().time()
        self._leaving = {name: until for name, until in self._leaving.items() if until > now}
        return self._is_open and len(self._contexts) + len(self._leaving) < MOST_CONTEXTS

    @property
    def is_open(self) -> bool:
        """Whether the socket stands."""
        return self._is_open

    async def speak(self, text: str, *, speed: float) -> AsyncGenerator[bytes]:
        """Speak a text; closing the iterator closes its context, and what still comes of it is dropped.

        Yields:
            16-bit little-endian mono PCM at 8,000 Hz.

        Raises:
            SynthesisFailed: ElevenLabs refused, or the socket broke.
        """
        name = f"c{next(self._names)}"
        context = self._contexts[name] = Context()
        is_closed = False
        try:
            await self._send({**self._config.opening(speed), "context_id": name})
            await self._send({"text": f"{text} ", "context_id": name, "flush": True})
            # Closed now, the context ends with its last sound; left open, its end could not be told from a stall.
            await self._send({"context_id": name, "close_context": True})
            is_closed = True
            while (piece := await context.pieces.get()) is not None:
                if isinstance(piece, SynthesisFailed):
                    raise piece
                yield piece
        finally:
            self._contexts.pop(name, None)
            if not context.is_over:
                self._leaving[name] = asyncio.get_running_loop().time() + LEAVING_SECONDS
            if not is_closed and self._is_open:
                with suppress(SynthesisFailed):
                    await self._send({"context_id": name, "close_context": True})

    async def close(self) -> None:
        """Close the socket; what is being said ends with ``SynthesisFailed``."""
        self._is_open = False
        with suppress(ConnectionClosed, TimeoutError):
            async with asyncio.timeout(SEND_SECONDS):
                await self._socket.send(json.dumps({"close_socket": True}))
        await self._socket.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _send(self, message: dict[str, Any]) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._socket.send(json.dumps(message))
        except (ConnectionClosed, TimeoutError) as broken:
            raise fault_of("dropped") from broken

    async def _listen(self) -> None:
        fault = fault_of("dropped")
        try:
            async for message in self._socket:
                self._take(json.loads(message))
                if not self._is_open:
                    break
        except ConnectionClosed as closed:
            fault = fault_of_words(closed.rcvd.reason if closed.rcvd else "")
        except (ValueError, TypeError, AttributeError):
            log.warning("ElevenLabs sent what is not its protocol")
        finally:
            self._is_open = False
            for context in self._contexts.values():
                context.pieces.put_nowait(fault_of(fault.reason, spoken=context.spoken))
        await self._socket.close()

    def _take(self, message: dict[str, Any]) -> None:
        context = self._contexts.get(message.get("contextId") or "")
        if message.get("error") or message.get("code"):
            # It is closing: a text that was still sent on it would fail as well.
            self._is_open = self._is_open and message.get("code") != POLICY_VIOLATION
            words = f"{message.get('error', '')} {message.get('message', '')}"
            for each in [context] if context else list(self._contexts.values()):
                each.pieces.put_nowait(fault_of_words(words, spoken=each.spoken))
            return
        if context is None:
            if message.get("isFinal"):
                self._leaving.pop(message.get("contextId") or "", None)
            return
        if sound := message.get("audio"):
            context.spoken = _counted(context.spoken, message.get("alignment"))
            context.pieces.put_nowait(_pcm(sound))
        if message.get("isFinal"):
            context.is_over = True
            context.pieces.put_nowait(None)

    async def _keep_alive(self) -> None:
        with suppress(SynthesisFailed):
            while self._is_open:
                await asyncio.sleep(KEEPALIVE_SECONDS)
                await self._send({"text": ""})


def _pcm(sound: str) -> bytes:
    try:
        return from_mulaw(base64.b64decode(sound, validate=True))
    except binascii.Error as garbled:
        raise ValueError("sound that is not base64") from garbled


def _counted(so_far: int | None, alignment: object) -> int | None:
    """The characters that have sounded, by the alignment that comes with the sound."""
    chars = alignment.get("chars") if isinstance(alignment, dict) else None
    return (so_far or 0) + len(chars) if isinstance(chars, list) else so_far
