"""The embedded voice: eSpeak NG, in a process of its own, as an asyncio client."""

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict

from shared.kernel.errors import Unavailable
from voice_node.speech.engine_process import EngineProcess
from voice_node.speech.framing import Kind, Message
from voice_node.speech.mulaw import to_mulaw
from voice_node.speech.voice import UnknownVoice, Voice

MODULE = "voice_node.speech.espeak_process"
SILENT_SECONDS = 10.0
LOST = Message(kind=Kind.FAILED)
"""Stands for the answer that a dead engine did not give."""


def say_message(request: int, text: str, voice: Voice) -> Message:
    """The frame that asks for ``text`` in ``voice``."""
    payload = json.dumps({"text": text, "voice": asdict(voice)}).encode()
    return Message(kind=Kind.SAY, request=request, payload=payload)


class EspeakEngine:
    """Speech for any number of calls at once.

    The engine is started by ``start`` and started again when it dies.
    """

    def __init__(self) -> None:
        self._requests = itertools.count(1)
        self._answers: dict[int, asyncio.Queue[Message]] = {}
        self._starting = asyncio.Lock()
        self._process = EngineProcess(MODULE, on_message=self._deliver, on_death=self._lose)

    @property
    def pid(self) -> int | None:
        """The engine's process id while it runs."""
        return self._process.pid

    async def start(self) -> None:
        """Start the engine unless it runs.

        Raises:
            Unavailable: eSpeak NG is not installed or does not start.
        """
        async with self._starting:
            if not self._process.running:
                await self._process.start()

    async def close(self) -> None:
        """Stop the engine; what it was saying ends with ``Unavailable``."""
        await self._process.close()
        self._lose()

    async def synthesise(self, text: str, voice: Voice) -> AsyncGenerator[bytes]:
        """Speak a text, one piece of sound per clause.

        Closing the iterator, or cancelling the task that reads it, stops the engine's work on it.

        Yields:
            16-bit little-endian mono PCM at 8,000 Hz.

        Raises:
            UnknownVoice: eSpeak NG has no such voice.
            Unavailable: The engine is gone and did not come back.
        """
        heard = False
        for attempt in range(2):
            try:
                async with aclosing(self._attempt(text, voice)) as pieces:
                    async for pcm in pieces:
                        heard = True
                        yield pcm
            except Unavailable:
                # Sound that was already handed out cannot be taken back and said again.
                if heard or attempt:
                    raise
            else:
                return

    async def render(self, text: str, voice: Voice) -> bytes:
        """The whole text as 16-bit little-endian mono PCM at 8,000 Hz; raises like ``synthesise``."""
        return b"".join([pcm async for pcm in self.synthesise(text, voice)])

    async def render_mulaw(self, text: str, voice: Voice) -> bytes:
        """The whole text as mu-law at 8,000 Hz, one byte a sample; raises like ``synthesise``."""
        return to_mulaw(await self.render(text, voice))

    async def _attempt(self, text: str, voice: Voice) -> AsyncGenerator[bytes]:
        await self.start()
        request = next(self._requests)
        answers = self._answers[request] = asyncio.Queue()
        self._process.send(say_message(request, text, voice))
        finished = False
        try:
            while not finished:
                answer = await self._next(answers)
                finished = answer.kind is not Kind.AUDIO
                if answer is LOST:
                    raise Unavailable("the speech engine died")
                if answer.kind is Kind.FAILED:
                    raise UnknownVoice(answer.payload.decode())
                if answer.payload:
                    yield answer.payload
        finally:
            del self._answers[request]
            if not finished:
                self._process.send(Message(kind=Kind.CANCEL, request=request))

    async def _next(self, answers: asyncio.Queue[Message]) -> Message:
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                return await answers.get()
        except TimeoutError as silent:
            self._process.kill()
            raise Unavailable("the speech engine does not answer") from silent

    def _deliver(self, message: Message) -> None:
        if answers := self._answers.get(message.request):
            answers.put_nowait(message)

    def _lose(self) -> None:
        for answers in self._answers.values():
            answers.put_nowait(LOST)
