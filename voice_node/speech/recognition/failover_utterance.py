"""One stretch of speech that more than one engine may hear, one after the other."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace

from shared.kernel.errors import Unavailable
from shared.metrics import Metric, count
from voice_node.breaker import Breaker
from voice_node.speech.recognition.faults import RecognitionFault, TooSlow
from voice_node.speech.recognition.port import BYTES_PER_SECOND, Heard, Listened, Recogniser, Utterance

log = logging.getLogger(__name__)


class FailoverUtterance:
    """``Utterance`` that keeps its sound: when an engine fails, the next one is told everything from the beginning.

    When all have failed, the last guess that any of them made is the final text: better than to have heard nothing.

    Args:
        breakers: The engines by name, in the order in which they are asked.
        recogniser: The engine of that name, for this call.
        deadline_seconds: How long the final text may take once the speech has ended, while another could take over.
    """

    def __init__(
        self, breakers: Mapping[str, Breaker], *, recogniser: Callable[[str], Recogniser], deadline_seconds: float
    ) -> None:
        self._breakers = breakers
        self._recogniser = recogniser
        self._deadline_seconds = deadline_seconds
        self._untried = list(breakers)
        self._resting: list[str] = []
        self._sound = bytearray()
        self._past: list[Utterance] = []
        self._engine = ""
        self._current: Utterance | None = None
        self._fault: Unavailable = Unavailable("there is no recogniser")
        self._due: float | None = None
        self._limit: asyncio.Timeout | None = None
        self._is_abandoned = False
        self._climb()

    @property
    def seconds(self) -> float:
        """How much sound was given so far."""
        return len(self._sound) / BYTES_PER_SECOND

    @property
    def listened(self) -> tuple[Listened, ...]:
        """What every engine that was asked has listened to."""
        return tuple(each for utterance in self._past for each in utterance.listened)

    def hear(self, pcm: bytes) -> None:
        """Add sound."""
        if self._due is None and not self._is_abandoned:
            self._sound += pcm
            if self._current:
                self._current.hear(pcm)

    def finish(self) -> None:
        """The speech has ended; from now on an engine that is not the last has until its deadline."""
        if self._due is not None or self._is_abandoned:
            return
        self._set_deadline()
        if self._current:
            self._current.finish()

    def abandon(self) -> None:
        """Nobody wants to know any more."""
        self._is_abandoned = True
        if self._current:
            self._current.abandon()
            self._breakers[self._engine].abandoned()

    async def __aiter__(self) -> AsyncIterator[Heard]:
        """Guesses, of one engine after the other if need be, the last one final.

        Raises:
            Unavailable: Every engine failed, and none had a guess.
        """
        guess: Heard | None = None
        while self._current and not self._is_abandoned:
            answers = aiter(self._current)
            try:
                while heard := await self._next(answers):
                    if heard.final:
                        self._breakers[self._engine].succeeded()
                        yield heard
                        return
                    guess = heard if heard.text else guess
                    yield heard
            except Unavailable as fault:
                self._give_up(fault)
        if self._is_abandoned:
            return
        if guess is None:
            raise self._fault
        yield replace(guess, final=True, seconds=self.seconds)

    async def _next(self, answers: AsyncIterator[Heard]) -> Heard | None:
        """The engine's next guess; ``None`` when it was abandoned."""
        try:
            async with asyncio.timeout_at(self._due if self._has_another else None) as self._limit:
                return await anext(answers, None)
        except TimeoutError as late:
            raise TooSlow(f"{self._engine} does not say in time what it heard") from late
        finally:
            self._limit = None

    def _give_up(self, fault: Unavailable) -> None:
        """Leave an engine that failed; the next one takes the utterance over."""
        reason = fault.reason if isinstance(fault, RecognitionFault) else RecognitionFault.reason
        rests = fault.rests_seconds if isinstance(fault, RecognitionFault) else None
        self._breakers[self._engine].failed(rests_seconds=rests)
        count(Metric.RECOGNITION_FAULTS, engine=self._engine, reason=reason)
        if self._current:
            self._current.abandon()
        failed = self._engine
        self._fault = fault
        self._climb()
        log.warning(
            "A speech recogniser failed",
            extra={"engine": failed, "reason": reason, "fault": str(fault), "taken_over_by": self._engine or None},
        )

    def _climb(self) -> None:
        """Ask the next engine and tell it what was said so far: those worth asking, then the others; or nobody."""
        self._current, self._engine = None, ""
        while name := self._next_name():
            try:
                utterance = self._recogniser(name).open()
            except Unavailable as fault:
                self._fault = fault
                self._breakers[name].failed()
                continue
            self._engine, self._current = name, utterance
            self._past.append(utterance)
            if self._sound:
                utterance.hear(bytes(self._sound))
            if self._due is not None:
                self._set_deadline()
                utterance.finish()
            return

    @property
    def _has_another(self) -> bool:
        """Whether somebody could take over: the last one is waited for, as long as it waits itself."""
        return any(not self._breakers[name].is_open for name in self._untried)

    def _next_name(self) -> str | None:
        while self._untried:
            name = self._untried.pop(0)
            if self._breakers[name].allows():
                return name
            self._resting.append(name)
        return self._resting.pop(0) if self._resting else None

    def _set_deadline(self) -> None:
        self._due = asyncio.get_running_loop().time() + self._deadline_seconds
        if self._limit and self._has_another:
            self._limit.reschedule(self._due)
