"""Engines in order: when one fails or keeps us waiting, the next one hears the same utterance, within the same turn."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.kernel.errors import Unavailable
from voice_node.breaker import Breaker
from voice_node.speech.recognition.failover_utterance import FailoverUtterance
from voice_node.speech.recognition.port import EngineFacts, Recogniser, RecognitionEngine

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Rung:
    """An engine that is ready, and whether it is worth asking."""

    engine: RecognitionEngine
    breaker: Breaker


class FailoverEngine:
    """``RecognitionEngine`` made of several.

    Args:
        engines: The one to use first comes first.
        deadline_seconds: How long after the end of speech a final text may take before the next engine is asked.
        now: Seconds on a clock that does not go back.
    """

    def __init__(
        self, engines: Sequence[RecognitionEngine], *, deadline_seconds: float, now: Callable[[], float]
    ) -> None:
        self._engines = tuple(engines)
        self._deadline_seconds = deadline_seconds
        self._now = now
        self._rungs: tuple[Rung, ...] = ()

    @property
    def facts(self) -> EngineFacts:
        """Those of the engine that a call would begin with now."""
        ready = [rung for rung in self._rungs if not rung.breaker.is_open] or self._rungs
        return ready[0].engine.facts if ready else self._engines[0].facts

    async def start(self) -> None:
        """Start every engine; one that does not start is left out.

        Raises:
            Unavailable: None started; the message says what each lacks.
        """
        found = await asyncio.gather(*(self._started(engine) for engine in self._engines))
        faults = [str(fault) for fault in found if fault]
        self._rungs = tuple(
            Rung(engine=engine, breaker=Breaker(self._now))
            for engine, fault in zip(self._engines, found, strict=True)
            if fault is None
        )
        if not self._rungs:
            raise Unavailable("; ".join(faults) or "there is no engine for speech recognition")

    def for_call(self) -> "FailoverRecogniser":
        """All of them for one call."""
        return FailoverRecogniser(self._rungs, deadline_seconds=self._deadline_seconds)

    async def close(self) -> None:
        """Let all go."""
        rungs, self._rungs = self._rungs, ()
        await asyncio.gather(*(rung.engine.close() for rung in rungs))

    async def _started(self, engine: RecognitionEngine) -> Unavailable | None:
        try:
            await engine.start()
        except Unavailable as fault:
            log.warning("A speech recogniser is left out", extra={"engine": engine.facts.name, "fault": str(fault)})
            await engine.close()
            return fault
        return None


class FailoverRecogniser:
    """``Recogniser`` of one call over several engines; one that is not needed is not even asked for."""

    def __init__(self, rungs: Sequence[Rung], *, deadline_seconds: float) -> None:
        self._rungs = tuple(rungs)
        self._deadline_seconds = deadline_seconds
        self._recognisers: dict[str, Recogniser] = {}
        self._facts = next((rung for rung in self._rungs if not rung.breaker.is_open), self._rungs[0]).engine.facts
        self._recogniser(self._facts.name)

    @property
    def facts(self) -> EngineFacts:
        """Those of the engine that the call begins with."""
        return self._facts

    def open(self) -> FailoverUtterance:
        """Begin to listen. That no engine can shows when the utterance is read."""
        breakers = {rung.engine.facts.name: rung.breaker for rung in self._rungs}
        return FailoverUtterance(breakers, recogniser=self._recogniser, deadline_seconds=self._deadline_seconds)

    async def close(self) -> None:
        """The call is over."""
        await asyncio.gather(*(recogniser.close() for recogniser in self._recognisers.values()))

    def _recogniser(self, name: str) -> Recogniser:
        """The engine of that name for this call, on its way from when it is first wanted."""
        if name not in self._recognisers:
            engine = next(rung.engine for rung in self._rungs if rung.engine.facts.name == name)
            self._recognisers[name] = engine.for_call()
        return self._recognisers[name]
