"""Engines in order: when one does not speak, the next one says the same words, within the same turn."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from shared.kernel.errors import ReautoError
from shared.metrics import Metric, count
from voice_node.breaker import LONG_REST_SECONDS, Breaker
from voice_node.speech.synthesis.cover import Cover
from voice_node.speech.synthesis.port import BYTES_A_SECOND, Synthesiser, SynthesisFailed
from voice_node.speech.synthesis.resuming import rest_of
from voice_node.speech.synthesis.standby import Standby, next_piece
from voice_node.speech.voice import UnknownVoice, Voice

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """An engine in the order, with its breaker and our patience with it.

    ``first_byte_seconds`` is how long its first sound may take, ``stall_seconds`` how long the next one; either may
    take as long as what came before is still heard. The next engine is asked ``head_start_seconds`` before our patience
    ends, so that it has sound by then. The last engine has its own patience alone, there is nobody to wait for.
    """

    engine: Synthesiser
    breaker: Breaker
    first_byte_seconds: float
    stall_seconds: float
    head_start_seconds: float = 0.0


class Failover:
    """One call's way through the engines. Itself a synthesiser; its names are those of the first engine.

    An engine that breaks off is followed by the next one at the clause in which it broke: a few words may be heard
    twice, none is lost. One that is late is not left before the next one has sound.

    Args:
        stages: The engines in order, at least one; their breakers are shared by the calls of the worker.
        cover: What of the turn is still to be heard; without it a text is taken to be waited for from when it is asked.
    """

    def __init__(self, stages: Sequence[Stage], *, cover: Cover | None = None) -> None:
        self._stages = stages
        self._cover = cover
        first = stages[0].engine
        self.name, self.vendor, self.version = first.name, first.vendor, first.version

    async def synthesise(self, text: str, voice: Voice) -> AsyncGenerator[bytes]:
        """Speak a text with the first engine that does.

        Raises:
            UnknownVoice: No engine has the voice.
            Unavailable: No engine speaks, or the last one broke off.
        """
        cover = self._cover or Cover(asyncio.get_running_loop().time)
        async with aclosing(_Speech(text, voice, stages=self._stages, cover=cover).pieces()) as pieces:
            async for pcm in pieces:
                cover.add(pcm)
                yield pcm


class _Speech:
    """One text, by the first of some engines as far as that speaks, and by the others from there on."""

    def __init__(self, text: str, voice: Voice, *, stages: Sequence[Stage], cover: Cover) -> None:
        self._text = self._rest = text
        self._voice = voice
        self._stage, others = stages[0], stages[1:]
        self._has_others = bool(others)
        self._cover = cover
        self._standby = Standby(lambda rest: _Speech(rest, voice, stages=others, cover=cover).pieces())
        self._heard = 0

    async def pieces(self) -> AsyncGenerator[bytes]:
        try:
            # Silence is the worst answer: the last engine is asked even when it should rest.
            if self._stage.breaker.allows() or not self._has_others:
                async with aclosing(self._by_the_first()) as pieces:
                    async for pcm in pieces:
                        yield pcm
            if self._rest:
                async with aclosing(self._standby.speak(self._rest)) as pieces:
                    async for pcm in pieces:
                        yield pcm
        finally:
            await self._standby.drop()

    async def _by_the_first(self) -> AsyncGenerator[bytes]:
        """What the first engine says; ``_rest`` is what it did not."""
        try:
            async with aclosing(self._judged()) as pieces:
                async for pcm in pieces:
                    self._heard += len(pcm)
                    yield pcm
            self._rest = ""
        except (SynthesisFailed, UnknownVoice) as failed:
            self._tell(failed)
            self._rest = self._unsaid(getattr(failed, "spoken", None))
            if self._rest and not self._has_others:
                raise

    async def _judged(self) -> AsyncGenerator[bytes]:
        """The first engine's speech; whatever stops it is told to its breaker and is a ``SynthesisFailed``."""
        breaker, name = self._stage.breaker, self._stage.engine.name
        is_told = False
        try:
            async with aclosing(self._stage.engine.synthesise(self._text, self._voice)) as pieces:
                while (pcm := await self._next(pieces)) is not None:
                    yield pcm
            if not self._heard and any(letter.isalnum() for letter in self._text):
                raise SynthesisFailed(name, "no_sound")
            breaker.succeeded()
            is_told = True
        except UnknownVoice:
            raise
        except ReautoError as failed:
            mine = failed if isinstance(failed, SynthesisFailed) else SynthesisFailed(name, "unavailable")
            breaker.failed(rests_seconds=LONG_REST_SECONDS if mine.lasts else None)
            is_told = True
            raise mine from failed
        finally:
            if not is_told:
                breaker.abandoned()

    async def _next(self, pieces: AsyncGenerator[bytes]) -> bytes | None:
        """The next piece, as long as there is patience; beyond that until another engine has sound."""
        if not self._has_others:
            return await next_piece(pieces)
        now = asyncio.get_running_loop().time
        least = self._stage.stall_seconds if self._heard else self._stage.first_byte_seconds
        patience_ends = now() + max(least, self._cover.seconds)
        piece = asyncio.create_task(next_piece(pieces))
        try:
            await asyncio.wait({piece}, timeout=max(patience_ends - self._stage.head_start_seconds - now(), 0))
            if not piece.done():
                other = await self._standby.prepare(self._unsaid(None))
                await asyncio.wait({piece}, timeout=max(patience_ends - now(), 0))
                await asyncio.wait({piece, other}, return_when=asyncio.FIRST_COMPLETED)
            if not piece.done():
                raise SynthesisFailed(self._stage.engine.name, "stalled" if self._heard else "slow_first_byte")
            if (pcm := piece.result()) is not None:
                await self._standby.drop()
            return pcm
        finally:
            if not piece.done():
                piece.cancel()
                await asyncio.gather(piece, return_exceptions=True)

    def _unsaid(self, spoken: int | None) -> str:
        return rest_of(self._text, seconds=self._heard / BYTES_A_SECOND, spoken=spoken)

    def _tell(self, failed: ReautoError) -> None:
        name = self._stage.engine.name
        reason = failed.reason if isinstance(failed, SynthesisFailed) else "unknown_voice"
        log.warning(
            "A voice failed",
            extra={"engine": name, "reason": reason, "heard_ms": self._heard * 1_000 // BYTES_A_SECOND},
        )
        count(Metric.SPEECH_FAILURES, engine=name, reason=reason)
