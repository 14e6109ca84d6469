"""One stretch of speech on its way through a call's connection to Deepgram."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from voice_node.speech.recognition.faults import RecognitionFault, TooSlow
from voice_node.speech.recognition.port import BYTES_PER_SECOND, Heard, Listened
from voice_node.speech.spoken import spoken

FINAL_SECONDS = 3.0
COVERED_WITHIN_SECONDS = 0.1
"""Of the end: sound that a final result left over is then no more than the tail of a silence."""


class Stream(Protocol):
    """The connection of a call, as its utterances use it."""

    def send(self, pcm: bytes) -> bool:
        """Hand over sound; whether it goes out."""
        ...

    def flush(self) -> None:
        """Ask for everything that was sent to be transcribed now."""
        ...

    def leave(self, utterance: "DeepgramUtterance") -> None:
        """Bring it no more results."""
        ...


@dataclass(frozen=True, kw_only=True)
class Result:
    """A result that concerns one utterance, ``until`` so many seconds into the sound of the utterance."""

    text: str
    confidence: float
    until: float
    is_final: bool
    is_flush: bool


class DeepgramUtterance:
    """``Utterance`` over a stream. Sound is kept until its text is final, to be said again on a new connection."""

    def __init__(self, stream: Stream, vendor: str) -> None:
        self._stream = stream
        self._vendor = vendor
        self._sound = bytearray()
        self._sent = 0
        self._settled: list[Result] = []
        self._answers: asyncio.Queue[Heard | RecognitionFault | None] = asyncio.Queue()
        self.ended = False
        self.replays = 0
        self.settled_until = 0.0
        """So many seconds of the sound have their final text."""

    @property
    def seconds(self) -> float:
        """How much sound was given so far."""
        return len(self._sound) / BYTES_PER_SECOND

    @property
    def listened(self) -> tuple[Listened, ...]:
        """What was sent, replays included."""
        return (Listened(vendor=self._vendor, seconds=self._sent / BYTES_PER_SECOND),)

    def hear(self, pcm: bytes) -> None:
        """Add sound."""
        if not self.ended:
            self._sound += pcm
            self._send(pcm)

    def finish(self) -> None:
        """The speech has ended: what was said is asked for at once."""
        if not self.ended:
            self.ended = True
            self._stream.flush()
            self._conclude_if_covered()

    def abandon(self) -> None:
        """Nobody wants to know any more; what was sent must not be taken for the next utterance's."""
        if not self.ended:
            self.ended = True
            self._stream.flush()
        self._stream.leave(self)
        self._answers.put_nowait(None)

    def replay(self) -> None:
        """Say what has no final text yet on a connection that knows nothing of it."""
        if left := bytes(self._sound[round(self.settled_until * BYTES_PER_SECOND) & ~1 :]):
            self._send(left)
        if self.ended:
            self._stream.flush()

    def take(self, result: Result) -> None:
        """Take a result; the final text follows from the one that answers our flush, or covers everything."""
        so_far = [*self._settled, result]
        if result.is_final:
            self._settled = so_far
            self.settled_until = max(self.settled_until, min(result.until, self.seconds))
        if self.ended and result.is_flush:
            self._conclude()
            return
        if result.text:
            self._answers.put_nowait(self._heard(so_far, final=False))
        self._conclude_if_covered()

    def fail(self, fault: RecognitionFault) -> None:
        """No result will come."""
        self._stream.leave(self)
        self._answers.put_nowait(fault)

    async def __aiter__(self) -> AsyncIterator[Heard]:
        """Guesses, the last one final; ends without a final one when abandoned.

        Raises:
            RecognitionFault: The line broke again, or could not be had, or no answer came.
        """
        while answer := await self._next():
            if isinstance(answer, RecognitionFault):
                raise answer
            yield answer
            if answer.final:
                return

    def _send(self, pcm: bytes) -> None:
        if self._stream.send(pcm):
            self._sent += len(pcm)

    def _conclude_if_covered(self) -> None:
        """A flush with next to nothing left to transcribe may go unanswered."""
        if self.ended and self.seconds - self.settled_until <= COVERED_WITHIN_SECONDS:
            self._conclude()

    def _conclude(self) -> None:
        self._stream.leave(self)
        self._answers.put_nowait(self._heard(self._settled, final=True))

    def _heard(self, results: list[Result], *, final: bool) -> Heard:
        told = [result for result in results if result.text]
        words = sum(len(result.text.split()) for result in told)
        sure = sum(result.confidence * len(result.text.split()) for result in told)
        return Heard(
            text=spoken(" ".join(result.text for result in told)),
            final=final,
            seconds=self.seconds,
            confidence=sure / words if words else None,
        )

    async def _next(self) -> Heard | RecognitionFault | None:
        while True:
            try:
                async with asyncio.timeout(FINAL_SECONDS):
                    return await self._answers.get()
            except TimeoutError as silent:
                if self.ended:
                    self._stream.leave(self)
                    raise TooSlow("Deepgram does not say what it heard") from silent
