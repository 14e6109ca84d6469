"""One stretch of somebody's speech on its way through an engine's process."""

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol

from shared.kernel.errors import Unavailable
from voice_node.speech.framing import Kind, Message
from voice_node.speech.recognition.faults import EngineBusy, TooSlow
from voice_node.speech.recognition.guesses import decode_guess
from voice_node.speech.recognition.port import BYTES_PER_SECOND, Heard, Listened
from voice_node.speech.spoken import spoken

SILENT_SECONDS = 10.0


class Listener(Protocol):
    """The process of an utterance. ``vendor`` is its engine's name in the price table."""

    vendor: str

    def send(self, message: Message) -> None:
        """Hand it a frame."""
        ...

    def forget(self, request: int) -> None:
        """Deliver nothing more to this utterance."""
        ...

    def kill(self) -> None:
        """End it because it no longer answers."""
        ...


class PipedUtterance:
    """``Utterance`` over a process that keeps its sound, so that a process that died is told everything again."""

    def __init__(self, worker: Listener, request: int) -> None:
        self._worker = worker
        self._request = request
        self._answers: asyncio.Queue[Message | None] = asyncio.Queue()
        self._sound = bytearray()
        self._ended: Kind | None = None

    @property
    def seconds(self) -> float:
        """How much sound was given so far."""
        return len(self._sound) / BYTES_PER_SECOND

    @property
    def listened(self) -> tuple[Listened, ...]:
        """The sound given so far."""
        return (Listened(vendor=self._worker.vendor, seconds=self.seconds),)

    def hear(self, pcm: bytes) -> None:
        """Add sound."""
        if self._ended is None:
            self._sound += pcm
            self._worker.send(Message(kind=Kind.SOUND, request=self._request, payload=pcm))

    def finish(self) -> None:
        """The speech has ended; the final guess follows within milliseconds."""
        self._end(Kind.FINISH)

    def abandon(self) -> None:
        """Nobody wants to know any more."""
        self._end(Kind.CANCEL)
        self._worker.forget(self._request)
        self._answers.put_nowait(None)

    async def __aiter__(self) -> AsyncIterator[Heard]:
        """Guesses, the last one final; ends without a final one when abandoned.

        Raises:
            Unavailable: The process is gone and did not come back, or hears too many others.
        """
        while answer := await self._next():
            text, confidence = decode_guess(answer.payload)
            final = answer.kind is Kind.DONE
            yield Heard(text=spoken(text), final=final, seconds=self.seconds, confidence=confidence)
            if final:
                return

    def deliver(self, message: Message | None) -> None:
        """Take an answer of the process; ``None`` when no more will come."""
        self._answers.put_nowait(message)

    def replay(self) -> None:
        """Say everything from the beginning to a process that knows nothing of it."""
        self._worker.send(Message(kind=Kind.OPEN, request=self._request))
        if self._sound:
            self._worker.send(Message(kind=Kind.SOUND, request=self._request, payload=bytes(self._sound)))
        if self._ended:
            self._worker.send(Message(kind=self._ended, request=self._request))

    def _end(self, how: Kind) -> None:
        if self._ended is None:
            self._ended = how
            self._worker.send(Message(kind=how, request=self._request))

    async def _next(self) -> Message | None:
        """The next answer; once the speech has ended it must come soon."""
        while True:
            try:
                async with asyncio.timeout(SILENT_SECONDS):
                    answer = await self._answers.get()
            except TimeoutError as silent:
                if self._ended is None:
                    continue
                self._worker.forget(self._request)
                self._worker.kill()
                raise TooSlow("the recogniser does not answer") from silent
            if answer is None and self._ended is not Kind.CANCEL:
                raise Unavailable("the recogniser is gone")
            if answer and answer.kind is Kind.FAILED:
                raise EngineBusy(answer.payload.decode())
            return answer
