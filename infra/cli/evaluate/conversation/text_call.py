"""A call without sound: the node's own driver and brain, fed with words."""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from infra.cli.evaluate.conversation.minutes import Minutes
from infra.cli.evaluate.conversation.world import World
from shared.conversation import CallBrief, ConversationState, Move
from shared.conversation.guards import is_opt_out
from shared.conversation.report import EndedBy
from voice_node.agents.driver import Driver
from voice_node.brains.port import Brain

OPT_OUT_KEY = "9"


@dataclass(kw_only=True)
class TextCall:
    """One call. What a dialogue does with sound, this does with words: opening, early words, opt-outs, silence, keys.

    ``ended_by`` is ``None`` while it goes on. ``stopwatch`` gives seconds.
    """

    brief: CallBrief
    driver: Driver
    brain: Brain
    world: World
    minutes: Minutes
    stopwatch: Callable[[], float] = time.perf_counter
    ended_by: EndedBy | None = None
    end_reason: str = ""
    _silences: int = 0

    @property
    def state(self) -> ConversationState:
        """Where the conversation stands."""
        return self.driver.state

    async def begin(self, greeting: str) -> str:
        """The opening, and what follows when the person has said ``greeting`` meanwhile; ``""`` for nothing."""
        self._say(self.brief.opening_text)
        if not greeting:
            return await self._follow(self.driver.open(""), heard="")
        self.minutes.person(greeting)
        if is_opt_out(greeting):
            return await self._stop(greeting)
        found = [move async for move in self.driver.overheard(greeting)]
        moves = _each(found) if found else self.driver.open(greeting)
        return await self._follow(moves, heard=greeting)

    async def hear(self, text: str) -> str:
        """What the agent says to ``text``."""
        self.minutes.person(text)
        self._silences = 0
        if is_opt_out(text):
            return await self._stop(text)
        return await self._follow(self.driver.heard(text), heard=text)

    async def press(self, digit: str) -> str:
        """What the agent says to a key."""
        self.minutes.person(f"(presses {digit})")
        self._silences = 0
        if digit == OPT_OUT_KEY:
            return await self._stop(f"pressed {digit}")
        return await self._follow(self.driver.key(digit), heard="")

    async def silence(self) -> str:
        """What the agent says when the person says nothing."""
        self._silences += 1
        self.minutes.silence()
        return await self._follow(self.driver.silence(self._silences), heard="")

    def hang_up(self) -> None:
        """The person is gone."""
        if self.ended_by is None:
            self.ended_by, self.end_reason = "caller", "hung_up"

    async def _stop(self, words: str) -> str:
        """As the guard ahead of the conversation does: the wish is written down, and then the farewell said."""
        result = await self.world.opt_out(self.brief, words)
        return await self._follow(self.driver.opted_out(words, result), heard=words)

    async def _follow(self, moves: AsyncIterator[Move], *, heard: str) -> str:
        """Say every move as it comes, and note when the first words were there."""
        began, said = self.stopwatch(), list[str]()
        async for move in moves:
            if move.says_opening:
                self._say(self.brief.opening_text)
            if move.leaves_message:
                self._say(self.brief.voicemail_text)
            async for text in self.brain.word(self.brief, move, heard):
                if not said:
                    self.minutes.seconds.append(self.stopwatch() - began)
                said.append(text)
                self._say(text)
            if move.ends_call:
                self.ended_by = "agent"
                self.end_reason = move.lines[-1].act if move.lines else move.state.heard
        if self.ended_by is None and self.minutes.clock.now() > self.began + self.brief.time_limit:
            return await self._follow(self.driver.time_is_up(), heard="")
        return " ".join(said)

    def __post_init__(self) -> None:
        self.began = self.minutes.clock.now()

    def _say(self, text: str) -> None:
        if text:
            self.minutes.agent(text)


async def _each(moves: list[Move]) -> AsyncIterator[Move]:
    for move in moves:
        yield move
