"""The dialogue: events in, speech out, until the call is over."""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

from shared.conversation import ActionResult, CallBrief, Move
from shared.kernel.errors import Unavailable
from voice_node.cast import Talker, Voices
from voice_node.delivery import Delivery
from voice_node.events import (
    CallerGoesOn,
    CallerMayBeDone,
    CallerSaid,
    Event,
    HangUpOrdered,
    KeyPressed,
    LineGone,
    MachineDetected,
    MusicHeard,
    OptedOut,
    PipelineFailed,
    SpeechOver,
    ToneHeard,
)
from voice_node.minutes import Ending, Minutes
from voice_node.turns.eager import EagerReply, Foresight
from voice_node.turns.on_hold import OnHold

WRAP_UP_SECONDS = 12.0
"""The goodbye begins so long before the carrier would cut the call."""


class Dialogue:
    """Holds one conversation. ``inbox`` is where events are put, from anywhere on the loop.

    ``now`` gives seconds since the stream began; ``opt_out`` writes an opt-out, whatever the conversation is doing.
    """

    def __init__(
        self,
        brief: CallBrief,
        *,
        talker: Talker,
        voices: Voices,
        minutes: Minutes,
        opt_out: Callable[[str], Awaitable[ActionResult]],
        now: Callable[[], float],
    ) -> None:
        self._brief = brief
        self._talker = talker
        self._mouth = voices.mouth
        self._delivery = Delivery(brief, voices)
        self._playout = voices.playout
        self._silence = voices.silence
        self._hold = OnHold(voices.silence)
        self._minutes = minutes
        self._opt_out = opt_out
        self._now = now
        self._foresight = Foresight(brief, talker=talker, voices=voices, tally=minutes.eager, now=now)
        self.inbox: asyncio.Queue[Event] = asyncio.Queue()
        self._is_open = False
        self._early: list[str] = []
        self._heard = ""
        self._is_stopping = False
        self._is_over_time = False
        self._ends_when_silent: Ending | None = None
        self._ending: Ending | None = None

    async def hold(self) -> Ending:
        """Speak and listen until the call is over; returns how it ended.

        Raises:
            Unavailable: The pipeline broke.
        """
        await self._delivery.ready(self._brief.opening_text, self._brief.opening_audio)
        while self._ending is None:
            try:
                async with asyncio.timeout(self._seconds_to_wait()):
                    event = await self.inbox.get()
            except TimeoutError:
                await self._nothing_happened()
            else:
                await self._react(event)
        return self._ending

    async def stop_calling(self, words: str) -> None:
        """Fall silent and write the opt-out now; the farewell follows in its turn."""
        self._is_stopping = True
        await self._mouth.hush()
        result = await self._opt_out(words)
        self.inbox.put_nowait(OptedOut(words=words, result=result))

    def _seconds_to_wait(self) -> float:
        return max(min(self._silence.seconds_left(), self._playout.overdue_in(), self._time_left()), 0.0)

    def _time_left(self) -> float:
        """Seconds until the goodbye must begin; once it has begun only its end is waited for."""
        if self._is_over_time:
            return math.inf
        return self._brief.time_limit.total_seconds() - WRAP_UP_SECONDS - self._now()

    async def _nothing_happened(self) -> None:
        if self._playout.overdue_in() <= 0:
            self._playout.give_up()
        elif self._time_left() <= 0:
            self._is_over_time = True
            await self._follow(self._talker.time_is_up())
        elif self._silence.seconds_left() <= 0:
            await (self._follow(self._talker.silence(self._silence.climb())) if self._is_open else self._speech_over())

    async def _react(self, event: Event) -> None:
        match event:
            case LineGone():
                self._ending = self._ends_when_silent or Ending(by="caller", reason="hung_up")
            case PipelineFailed(fault=fault):
                raise Unavailable(fault)
            case HangUpOrdered():
                self._ending = Ending(by="agent", reason="ordered")
            case OptedOut(words=words, result=result):
                await self._follow(self._talker.opted_out(words, result))
            case _ if self._is_stopping or self._ends_when_silent:
                self._end_if_silent()
            case _:
                await self._converse(event)

    async def _converse(self, event: Event) -> None:
        match event:
            case SpeechOver():
                await self._speech_over()
            case CallerMayBeDone(text=text):
                if self._is_open and self._playout.is_silent and not self._delivery.went_unnoticed:
                    await self._foresight.prepare(text, turn=self._delivery.turn + 1)
            case CallerGoesOn():
                await self._foresight.drop()
            case MachineDetected(verdict=verdict):
                await self._about_machine(self._talker.machine(verdict))
            case ToneHeard(tone=tone):
                await self._about_machine(self._talker.tone(tone))
            case CallerSaid(text=text, at=at, number=number):
                await self._caller_said(text, at, number)
            case MusicHeard(is_playing=is_playing):
                self._hold.music(is_playing=is_playing)
            case KeyPressed(digit=digit, at=at):
                await self._follow(self._talker.key(digit), decided_at=at)

    def _end_if_silent(self) -> None:
        if self._ends_when_silent and self._playout.is_silent:
            self._ending = self._ends_when_silent

    async def _speech_over(self) -> None:
        """The opening is followed by the first move, once nobody speaks; later the end of speech means nothing."""
        if not self._is_open and self._playout.is_silent and not self._silence.caller_is_speaking:
            self._is_open = True
            self._heard = " ".join(self._early)
            if self._early:
                self._minutes.answered.append(len(self._minutes.turns))
            await self._follow(self._talker.open(self._heard))

    async def _about_machine(self, moves: AsyncIterator[Move]) -> None:
        """Fall silent before a machine; what is a person after all hears the opening again."""
        found = [move async for move in moves]
        if found:
            await self._mouth.hush()
            self._is_open = True
            await self._follow(_each(found))

    async def _caller_said(self, text: str, at: float, number: int) -> None:
        if not text:
            if self._is_open:
                await self._delivery.again(at)
            await self._speech_over()
            return
        if self._hold.swallows(text, answered=len(self._minutes.answered)):
            return
        if not self._is_open:
            self._early.append(text)
            await self._about_machine(self._talker.overheard(text))
            await self._speech_over()
            return
        if self._delivery.went_unnoticed and self._talker.rewind():
            # The caller had only paused: both parts are one turn.
            text = f"{self._heard} {text}"
            self._minutes.answered.pop()
        self._heard = text
        self._minutes.answered.append(number)
        reply = await self._foresight.take(text, decided_at=at)
        moves = self._talker.heard(text, reply.move if reply is not None else None)
        await self._follow(moves, decided_at=at, reply=reply)

    async def _follow(
        self, moves: AsyncIterator[Move], *, decided_at: float | None = None, reply: EagerReply | None = None
    ) -> None:
        """Speak every move as it comes; a move that ends the call ends it once it was heard."""
        await self._foresight.drop()
        self._delivery.begin()
        async for move in moves:
            if self._is_stopping and not move.state.opted_out:
                return
            prepared = reply if reply is not None and move is reply.move else None
            is_protected = move.ends_call or self._is_stopping
            await self._delivery.move(
                move, self._heard, is_protected=is_protected, decided_at=decided_at, prepared=prepared
            )
            decided_at = None
            if move.ends_call:
                self._ends_when_silent = Ending.after(move)
        self._end_if_silent()


async def _each(moves: Iterable[Move]) -> AsyncIterator[Move]:
    for move in moves:
        yield move
