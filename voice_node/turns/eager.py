"""A reply that is prepared while it is not yet sure that the caller has finished."""

import asyncio
import math
from collections.abc import AsyncGenerator, AsyncIterator, Callable

from shared.conversation import CallBrief, Move
from shared.conversation.understanding.normal import plain
from voice_node.cast import Mouthpiece, Talker, Voices
from voice_node.turns.eager_tally import EagerTally
from voice_node.turns.playout import Utterance


class EagerReply:
    """The move that answers ``text``, its first sentence on the way to the gate, where it waits.

    ``rest`` are the words behind it, as they come, ``turn`` the one that it would be. Nothing but speech comes of it:
    the move was decided on, not carried out.
    """

    def __init__(
        self, text: str, move: Move, *, turn: int, words: AsyncIterator[str], mouth: Mouthpiece,
        now: Callable[[], float],
    ) -> None:  # fmt: skip
        self.move = move
        self._now = now
        self._begun, self._ready = now(), math.inf
        self._text = plain(text)
        self.rest = words
        self._turn = turn
        self._mouth = mouth
        self._first: Utterance | None = None
        self._preparing = asyncio.create_task(self._prepare())

    def answers(self, text: str) -> bool:
        """Whether the caller said, in the end, what the reply was made for."""
        return plain(text) == self._text

    def gain_seconds(self, decided_at: float) -> float:
        """How much of its making lay before ``decided_at``, when the caller had surely finished."""
        return max(min(self._ready, decided_at) - self._begun, 0.0)

    async def first(self) -> Utterance | None:
        """Its first sentence, which waits at the gate; ``None`` when there is nothing to say."""
        await self._preparing
        return self._first

    async def drop(self) -> int:
        """Nobody will hear it; returns how many characters were prepared."""
        self._preparing.cancel()
        await asyncio.gather(self._preparing, return_exceptions=True)
        if isinstance(self.rest, AsyncGenerator):
            await self.rest.aclose()
        if self._first is None:
            return 0
        await self._mouth.drop_prepared()
        return len(self._first.text)

    async def _prepare(self) -> None:
        async for text in self.rest:
            self._first = await self._mouth.prepare(text, turn=self._turn)
            self._ready = self._now()
            return


class Foresight:
    """Prepares the likely reply of one call, one at a time, and keeps account of it."""

    def __init__(
        self, brief: CallBrief, *, talker: Talker, voices: Voices, tally: EagerTally, now: Callable[[], float]
    ) -> None:
        self._brief = brief
        self._talker = talker
        self._voices = voices
        self._tally = tally
        self._now = now
        self._reply: EagerReply | None = None

    async def prepare(self, text: str, *, turn: int) -> None:
        """The caller may have finished with ``text``; the answer would be that turn of ours."""
        if self._reply is not None and self._reply.answers(text):
            return
        await self.drop()
        move = await self._talker.foresee(text)
        if move is not None:
            words = self._voices.brain.word(self._brief, move, text)
            self._reply = EagerReply(text, move, turn=turn, words=words, mouth=self._voices.mouth, now=self._now)

    async def drop(self) -> None:
        """The caller went on, or something else has to be said."""
        reply, self._reply = self._reply, None
        if reply is not None:
            self._tally.miss(await reply.drop())

    async def take(self, text: str, *, decided_at: float) -> EagerReply | None:
        """What was prepared, if the caller has said ``text`` and it answers that; otherwise it is dropped."""
        if self._reply is None or not self._reply.answers(text):
            await self.drop()
            return None
        reply, self._reply = self._reply, None
        self._tally.hit(reply.gain_seconds(decided_at) * 1_000)
        return reply
