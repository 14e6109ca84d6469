"""Models that know the answers: the same code, with the same waits, behind both systems under test."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from itertools import cycle
from random import Random

from infra.cli.bench_voice.corpus import Take
from infra.cli.bench_voice.delays import Delays
from infra.cli.bench_voice.replies import REPLIES, spoken
from infra.simulator.carrier.mulaw import FRAME_BYTES
from shared.kernel.errors import Unavailable
from voice_node.speech.mulaw import from_mulaw, to_mulaw

_TOKEN = re.compile(r"\s?[\w']+|[^\w\s]")
PCM_FRAME_BYTES = 2 * FRAME_BYTES


class Transcripts:
    """What is said in every frame of every take: the frame is recognised by its samples."""

    def __init__(self, takes: Sequence[Take]) -> None:
        self._said: dict[bytes, str] = {}
        for take in takes:
            words = take.text.split()
            if not words:
                continue
            for place, frame in enumerate(take.frames()):
                if place >= take.speech_frames:
                    break
                # Words are spread evenly over the speech, the last one complete with its last frame.
                known = len(words) * (place + 1) // take.speech_frames
                self._said[to_mulaw(from_mulaw(frame))] = " ".join(words[:known])

    def words_in(self, pcm: bytes) -> str | None:
        """The words of a take so far, at this frame of it; ``None`` when the frame is of no take with words."""
        return self._said.get(to_mulaw(pcm))


class StubModels:
    """One call's models; ``seed`` makes their waits the same for every system."""

    def __init__(self, transcripts: Transcripts, delays: Delays, *, seed: int, answers: bool = True) -> None:
        self._transcripts = transcripts
        self._delays = delays
        self._dice = Random(seed)
        self._answers = answers
        self._replies = cycle(REPLIES[seed % len(REPLIES) :] + REPLIES[: seed % len(REPLIES)])  # type: ignore[operator]
        self._rest = b""
        self._take = ""
        self._told = 0
        self._before: list[str] = []

    def hear(self, pcm: bytes) -> str | None:
        """Take in more of the caller (16-bit PCM, 8,000 Hz); the transcript so far when it has grown."""
        sound = self._rest + pcm
        whole = len(sound) // PCM_FRAME_BYTES * PCM_FRAME_BYTES
        self._rest = sound[whole:]
        before = self._so_far()
        for start in range(0, whole, PCM_FRAME_BYTES):
            words = self._transcripts.words_in(sound[start : start + PCM_FRAME_BYTES])
            if words is None:
                continue
            if not words.startswith(self._take):
                self._before, self._told = [self._so_far()], 0
            self._take = words
        text = self._so_far()
        return text if text != before and self._answers else None

    async def transcript(self) -> str:
        """The final transcript of what was heard since the last one; empty when there were no words."""
        text, self._before, self._told = self._so_far(), [], len(self._take.split())
        await self._wait(self._delays.recognised_ms)
        return text if self._answers else ""

    def _so_far(self) -> str:
        """What was not in a final transcript yet: of earlier takes, and of this one."""
        return " ".join((*self._before, *self._take.split()[self._told :])).strip()

    async def tokens(self) -> AsyncIterator[str]:
        """The next reply, token by token.

        Raises:
            Unavailable: There is no such server.
        """
        if not self._answers:
            raise Unavailable("the model's server is away")
        reply = next(self._replies)
        await self._wait(self._delays.first_token_ms)
        for token in _TOKEN.findall(reply):
            yield token
            await asyncio.sleep(self._delays.between_tokens)

    async def speech(self, text: str) -> AsyncIterator[bytes]:
        """A text as 16-bit PCM at 8,000 Hz, a word at a time, all of it there once the first is.

        Raises:
            Unavailable: There is no such server.
        """
        if not self._answers:
            raise Unavailable("the voice's server is away")
        await self._wait(self._delays.first_sound_ms)
        for piece in spoken(text):
            yield piece

    async def _wait(self, median_ms: float) -> None:
        await asyncio.sleep(self._delays.seconds(median_ms, self._dice))
