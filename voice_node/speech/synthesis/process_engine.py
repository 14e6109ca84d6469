"""A speech engine in a process of its own, as an asyncio client that many calls share."""

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict

from shared.kernel.errors import ReautoError, Unavailable
from voice_node.speech.engine_process import EngineProcess
from voice_node.speech.framing import Kind, Message
from voice_node.speech.mulaw import to_mulaw
from voice_node.speech.synthesis.port import SynthesisFailed
from voice_node.speech.voice import UnknownVoice, Voice

SILENT_SECONDS = 10.0
MOST_WAITING = 24
"""Requests that an engine may have at once: the one after them is better spoken by another engine, now."""
LOST = Message(kind=Kind.FAILED)
"""Stands for the answer that a dead engine did not give."""
UNKNOWN_VOICE = "unknown voice: "


def say_message(request: int, text: str, voice: Voice) -> Message:
    """The frame that asks for ``text`` in ``voice``."""
    payload = json.dumps({"text": text, "voice": asdict(voice)}).encode()
    return Message(kind=Kind.SAY, request=request, payload=payload)


def refusal(engine: str, payload: bytes) -> ReautoError:
    """What the engine's ``FAILED`` answer says, as an error of ours."""
    said = payload.decode()
    if said.startswith(UNKNOWN_VOICE):
        return UnknownVoice(said.removeprefix(UNKNOWN_VOICE))
    return SynthesisFailed(engine, said)


class ProcessEngine:
    """Speech for any number of calls at once, from one child process.

    The child is started by ``start`` and started again when it dies.

    Args:
        module: What to run, as ``python -m`` would; it speaks by ``serving.serve``.
        arguments: Its command line.
        name: How logs call the engine; its vendor in the price table too.
        version: What its sound depends on.
    """

    def __init__(self, module: str, *arguments: str, name: str, version: str) -> None:
        self.name = self.vendor = name
        self.version = version
        self._requests = itertools.count(1)
        self._answers: dict[int, asyncio.Queue[Message]] = {}
        self._starting = asyncio.Lock()
        self._nobody_waits = asyncio.Event()
        self._nobody_waits.set()
        self._process = EngineProcess(module, *arguments, on_message=self._deliver, on_death=self._lose)

    @property
    def pid(self) -> int | None:
        """The engine's process id while it runs."""
        return self._process.pid

    async def idle(self) -> None:
        """Wait until nothing is being spoken."""
        await self._nobody_waits.wait()

    async def start(self) -> None:
        """Start the engine unless it runs.

        Raises:
            Unavailable: It is not installed, lacks its model, or does not start.
        """
        async with self._starting:
            if not self._process.running:
                await self._process.start()

    async def close(self) -> None:
        """Stop the engine; what it was saying ends with ``Unavailable``."""
        await self._process.close()
        self._lose()

    async def synthesise(self, text: str, voice: Voice) -> AsyncGenerator[bytes]:
        """Speak a text, one piece of sound per clause; a crash before the first piece is not noticed.

        Raises:
            UnknownVoice: The engine has no such voice.
            Unavailable: The engine is gone and did not come back, or has too much to do.
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
        if len(self._answers) >= MOST_WAITING:
            raise SynthesisFailed(self.name, "busy")
        await self.start()
        request = next(self._requests)
        answers = self._answers[request] = asyncio.Queue()
        self._nobody_waits.clear()
        self._process.send(say_message(request, text, voice))
        finished = False
        try:
            while not finished:
                answer = await self._next(answers)
                finished = answer.kind is not Kind.AUDIO
                if answer is LOST:
                    raise SynthesisFailed(self.name, "died")
                if answer.kind is Kind.FAILED:
                    raise refusal(self.name, answer.payload)
                if answer.payload:
                    yield answer.payload
        finally:
            del self._answers[request]
            if not self._answers:
                self._nobody_waits.set()
            if not finished:
                self._process.send(Message(kind=Kind.CANCEL, request=request))

    async def _next(self, answers: asyncio.Queue[Message]) -> Message:
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                return await answers.get()
        except TimeoutError as silent:
            self._process.kill()
            raise SynthesisFailed(self.name, "silent") from silent

    def _deliver(self, message: Message) -> None:
        if answers := self._answers.get(message.request):
            answers.put_nowait(message)

    def _lose(self) -> None:
        for answers in self._answers.values():
            answers.put_nowait(LOST)
