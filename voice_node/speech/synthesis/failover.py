"""Engines in order: when one does not speak, the next one says the same words, within the same turn."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from shared.kernel.errors import ReautoError
from shared.metrics import Metric, count
from voice_node.speech.synthesis.breaker import Breaker
from voice_node.speech.synthesis.port import BYTES_A_SECOND, Synthesiser, SynthesisFailed
from voice_node.speech.synthesis.resuming import rest_of
from voice_node.speech.voice import UnknownVoice, Voice

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """An engine in the order, with its breaker and its patience.

    ``first_byte_seconds`` is how long its first sound may take, ``stall_seconds`` how long the next one; the last
    engine has its own patience alone, there is nobody to wait for.
    """

    engine: Synthesiser
    breaker: Breaker
    first_byte_seconds: float
    stall_seconds: float


class Failover:
    """One call's way through the engines. Itself a synthesiser; its names are those of the first engine.

    An engine that breaks off is followed by the next one at the clause in which it broke: a few words may be heard
    twice, none is lost.

    Args:
        stages: The engines in order, at least one; their breakers are shared by the calls of the worker.
    """

    def __init__(self, stages: Sequence[Stage]) -> None:
        self._stages = stages
        first = stages[0].engine
        self.name, self.vendor, self.version = first.name, first.vendor, first.version

    async def synthesise(self, text: str, voice: Voice) -> AsyncGenerator[bytes]:
        """Speak a text with the first engine that does.

        Raises:
            UnknownVoice: No engine has the voice.
            Unavailable: No engine speaks, or the last one broke off.
        """
        last_fault: ReautoError | None = None
        for place, stage in enumerate(self._stages):
            is_last = place == len(self._stages) - 1
            # Silence is the worst answer: the last engine is asked even when it should rest.
            if not stage.breaker.allows() and not is_last:
                continue
            heard = 0
            try:
                async with aclosing(self._try(stage, text, voice, is_patient=is_last)) as pieces:
                    async for pcm in pieces:
                        heard += len(pcm)
                        yield pcm
            except (SynthesisFailed, UnknownVoice) as failed:
                last_fault = failed
                text = rest_of(text, seconds=heard / BYTES_A_SECOND, spoken=getattr(failed, "spoken", None))
                _tell(stage, failed, heard=heard)
            else:
                return
            if not text:
                return
        raise last_fault or SynthesisFailed(self.name, "resting")

    async def _try(self, stage: Stage, text: str, voice: Voice, *, is_patient: bool) -> AsyncGenerator[bytes]:
        """One engine's speech; whatever stops it is told to its breaker and is a ``SynthesisFailed``."""
        breaker, name = stage.breaker, stage.engine.name
        is_told = False
        try:
            async with aclosing(stage.engine.synthesise(text, voice)) as pieces:
                patience, reason, heard = stage.first_byte_seconds, "slow_first_byte", False
                while True:
                    try:
                        async with asyncio.timeout(None if is_patient else patience):
                            pcm = await anext(pieces)
                    except StopAsyncIteration:
                        break
                    except TimeoutError as late:
                        raise SynthesisFailed(name, reason) from late
                    patience, reason, heard = stage.stall_seconds, "stalled", True
                    yield pcm
            if not heard and any(letter.isalnum() for letter in text):
                raise SynthesisFailed(name, "no_sound")
            breaker.succeeded()
            is_told = True
        except UnknownVoice:
            raise
        except ReautoError as failed:
            mine = failed if isinstance(failed, SynthesisFailed) else SynthesisFailed(name, "unavailable")
            breaker.failed(lasts=mine.lasts)
            is_told = True
            raise mine from failed
        finally:
            if not is_told:
                breaker.abandoned()


def _tell(stage: Stage, failed: ReautoError, *, heard: int) -> None:
    reason = failed.reason if isinstance(failed, SynthesisFailed) else "unknown_voice"
    log.warning(
        "A voice failed",
        extra={"engine": stage.engine.name, "reason": reason, "heard_ms": heard * 1_000 // BYTES_A_SECOND},
    )
    count(Metric.SPEECH_FAILURES, engine=stage.engine.name, reason=reason)
