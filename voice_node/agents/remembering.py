"""The memories of a worker put together: one graph, its saver, the spool of this machine and what goes to Redis."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from shared.kernel.clock import Clock
from voice_node.agents.checkpoint_form import sealed_form
from voice_node.agents.graph import build_graph
from voice_node.agents.memory import CallMemories
from voice_node.agents.saver import CallSaver
from voice_node.agents.write_behind import SavedCalls, WriteBehind
from voice_node.call_spool import CallSpool

KEPT_SECONDS = 3600.0
"""How long a call that broke can be gone on with; what nobody came back to is deleted then."""
SWEEP_SECONDS = 300.0


@dataclass(frozen=True, kw_only=True)
class Remembering:
    """The memories of a worker's calls, and what is done for them beside the calls."""

    memories: CallMemories
    spool: CallSpool
    behind: WriteBehind
    let_go: Callable[[], Awaitable[None]]

    def work(self) -> dict[str, Coroutine[Any, Any, None]]:
        """What must run for as long as the worker lives."""
        return {"saved calls": self.behind.write_on(), "call spool": self._sweep_on()}

    async def close(self) -> None:
        """Write what waits for the disk; calls must have ended."""
        await asyncio.to_thread(self.spool.close)
        await self.let_go()

    async def _sweep_on(self) -> None:
        while True:
            await asyncio.to_thread(self.spool.sweep, older_than_seconds=KEPT_SECONDS)
            await asyncio.sleep(SWEEP_SECONDS)


def remember(
    calls: SavedCalls,
    *,
    folder: Path,
    worker: str,
    secret: SecretStr,
    clock: Clock,
    close: Callable[[], Awaitable[None]],
) -> Remembering:
    """The memories of a worker's calls.

    Args:
        calls: What every node can read.
        folder: Where the workers of this machine keep theirs.
        worker: This worker's name.
        secret: What all nodes of the installation share.
        clock: Civil time.
        close: Lets go of ``calls``.
    """
    spool, behind = CallSpool(folder, worker=worker), WriteBehind(calls)
    saver = CallSaver(spool=spool, behind=behind, form=sealed_form(secret))
    memories = CallMemories(graph=build_graph(saver), saver=saver, clock=clock)
    return Remembering(memories=memories, spool=spool, behind=behind, let_go=close)
