"""What calls remember across processes: each turn is a checkpoint of the graph, and a later part goes on from it."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from langchain_core.runnables import RunnableConfig

from shared.conversation import Action, AgentName, CallBrief, CallReport, ConversationState, SpokenTurn
from shared.conversation.reporting import kept_turns
from shared.conversation.saved import SavedAction, SavedTalk, discreet
from shared.kernel.clock import Clock
from shared.kernel.errors import Malformed
from shared.kernel.ids import AttemptId
from voice_node.agents.graph import Graph
from voice_node.agents.saver import CallSaver, thread_of

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 1.0
"""How long somebody who was connected again waits at most to be remembered."""
OWN_END = frozenset({"agent", "caller"})


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """Where an earlier part of the call stood: its state, what had been said, what was to be done and may not be."""

    state: ConversationState
    turns: tuple[SpokenTurn, ...] = ()
    unfinished: Action | None = None


class Memory(Protocol):
    """What one part of a call remembers, and writes down."""

    @property
    def before(self) -> Remembered | None:
        """Where the earlier part stood, if this one goes on from it."""
        ...

    async def keep(self, state: ConversationState, *, agent: AgentName, unfinished: Action | None = None) -> None:
        """Write down where the call stands after a turn of ``agent``; ``unfinished`` is about to be done. Fails not."""
        ...


class Memories(Protocol):
    """The memories of a worker's calls."""

    async def begin(self, brief: CallBrief, turns: Callable[[], Sequence[SpokenTurn]]) -> Memory:
        """The memory of a part that begins; ``turns`` gives what has been said in it so far."""
        ...

    def of(self, brief: CallBrief) -> Memory:
        """The memory that was begun for this part, otherwise one that keeps nothing."""
        ...

    def over(self, report: CallReport) -> None:
        """The report is home: a call that came to its end is forgotten, one that broke may go on elsewhere."""
        ...


class NoMemory:
    """Remembers nothing: rehearsals, tests, talks in a terminal."""

    before: Remembered | None = None

    async def keep(self, state: ConversationState, *, agent: AgentName, unfinished: Action | None = None) -> None:
        """Nothing is written."""


NOTHING = NoMemory()


class NoMemories:
    """The memories of calls that leave no trace."""

    async def begin(self, brief: CallBrief, turns: Callable[[], Sequence[SpokenTurn]]) -> Memory:
        """One that keeps nothing."""
        return NOTHING

    def of(self, brief: CallBrief) -> Memory:
        """One that keeps nothing."""
        return NOTHING

    def over(self, report: CallReport) -> None:
        """There is nothing to forget."""


@dataclass(frozen=True, kw_only=True)
class CallMemory:
    """The memory of one part of a call: its thread of the graph."""

    graph: Graph
    brief: CallBrief
    turns: Callable[[], Sequence[SpokenTurn]]
    clock: Clock
    before: Remembered | None = None
    thread: RunnableConfig

    async def keep(self, state: ConversationState, *, agent: AgentName, unfinished: Action | None = None) -> None:
        """Write a checkpoint as the graph has it after ``agent``."""
        earlier = self.before.turns if self.before is not None else ()
        saved = SavedTalk(
            attempt_id=self.brief.attempt_id,
            part=self.brief.part,
            at=self.clock.now(),
            script=self.brief.script,
            script_version=self.brief.script_version,
            turns=kept_turns((*earlier, *self.turns()), state),
            unfinished=SavedAction.of(unfinished) if unfinished is not None else None,
        )
        await self.graph.aupdate_state(self.thread, {"state": discreet(state), "saved": saved}, as_node=agent.value)


@dataclass(frozen=True, kw_only=True)
class CallMemories:
    """The memories of one worker's calls, all in threads of one graph; ``saver`` is the one behind it."""

    graph: Graph
    saver: CallSaver
    clock: Clock
    _begun: dict[tuple[AttemptId, int], Memory] = field(default_factory=dict)

    async def begin(self, brief: CallBrief, turns: Callable[[], Sequence[SpokenTurn]]) -> Memory:
        """A thread for this part, and what the newest earlier one left."""
        thread = thread_of(brief.attempt_id, brief.part)
        before = await self._in_time(brief) if brief.part else None
        self.saver.begin(thread)
        memory = CallMemory(graph=self.graph, brief=brief, turns=turns, clock=self.clock, before=before, thread=thread)
        self._begun[brief.attempt_id, brief.part] = memory
        if brief.part:
            log.info("A call goes on", extra={"attempt": brief.attempt_id, "remembered": before is not None})
        return memory

    def of(self, brief: CallBrief) -> Memory:
        """The memory that was begun for this part, otherwise one that keeps nothing."""
        return self._begun.get((brief.attempt_id, brief.part), NOTHING)

    def over(self, report: CallReport) -> None:
        """Forget the call where it came to its end; otherwise leave what was written for whoever goes on with it."""
        self._begun.pop((report.attempt_id, report.part), None)
        for part in range(report.part + 1):
            thread = thread_of(report.attempt_id, part)
            if report.ended_by in OWN_END:
                self.saver.delete_thread(thread["configurable"]["thread_id"])
            else:
                self.saver.let_go(thread)

    async def _in_time(self, brief: CallBrief) -> Remembered | None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._before(brief)
        except TimeoutError:
            log.warning("Where a call stood was not found in time", extra={"attempt": brief.attempt_id})
            return None

    async def _before(self, brief: CallBrief) -> Remembered | None:
        """What the newest earlier part left, if any left something that is of this call."""
        for part in reversed(range(brief.part)):
            found = (await self.graph.aget_state(thread_of(brief.attempt_id, part))).values
            state, saved = found.get("state"), found.get("saved")
            if not (isinstance(state, ConversationState) and isinstance(saved, SavedTalk)):
                continue
            if (saved.attempt_id, saved.part) != (brief.attempt_id, part):
                log.warning("A checkpoint is of another call", extra={"attempt": brief.attempt_id})
                continue
            return Remembered(state=state, turns=saved.turns, unfinished=_unfinished(saved))
        return None


def _unfinished(saved: SavedTalk) -> Action | None:
    try:
        return saved.unfinished.action() if saved.unfinished is not None else None
    except Malformed:
        log.exception("What was to be done cannot be read", extra={"attempt": saved.attempt_id})
        return None
