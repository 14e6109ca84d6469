"""One part of a call in a process of its own, which may be killed at any moment of it."""

import asyncio
import contextlib
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr

from infra.cli.bench_conversation.lone_call import Calendar, LoneCall, LoneClock, lone_brief, nothing_happens
from infra.cli.bench_conversation.talks import MOST_TURNS, Talk
from shared.adapters.redis.connect import make_bytes_redis
from shared.adapters.redis.saved_calls import RedisSavedCalls
from voice_node.agents.graph import GraphDecider
from voice_node.agents.memory import CallMemories
from voice_node.agents.remembering import Remembering, remember

SECRET = SecretStr("what all nodes of the measurement share")
LONG_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class PartOrder:
    """Which part to hold, where, and how far: then it says so and waits to be killed, unless it ``ends``.

    The caller's turns begin with number ``turn``, and there are ``most`` of them.

    ``opens_with`` are words that come during the first ones; ``dies`` is where it stops within an action.
    """

    name: str
    talk: Talk
    part: int
    turn: int = 0
    most: int = MOST_TURNS
    redis_url: str
    folder: Path
    worker: str
    calendar: Path
    opens_with: str = ""
    ends: bool = False
    dies: Literal["", "before", "after"] = ""


def hold_part(order: PartOrder, told: Connection) -> None:
    """The process: everything it finds goes to ``told``, the last message is ``{"done": …}``."""
    asyncio.run(_hold(order, told))


async def _hold(order: PartOrder, told: Connection) -> None:
    redis = make_bytes_redis(order.redis_url)
    remembering = remember(
        RedisSavedCalls(redis),
        folder=order.folder,
        worker=order.worker,
        secret=SECRET,
        clock=LoneClock(),
        close=redis.aclose,
    )
    work = [asyncio.create_task(each) for each in remembering.work().values()]
    call: LoneCall | None = None

    async def stop_here() -> None:
        await _stop(told, remembering, {"stopped": "in an action"})

    calendar = Calendar(
        file=order.calendar,
        before=stop_here if order.dies == "before" else nothing_happens,
        after=stop_here if order.dies == "after" else nothing_happens,
    )
    call = await _begun(order, remembering.memories, calendar)
    said = [await call.open(order.opens_with), *await call.go_on(order.talk, turn=order.turn, most=order.most)]
    result = told_of(call, said)
    if not order.ends:
        await _stop(told, remembering, result)
    told.send({"done": result})
    for task in work:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*work)
    await remembering.close()


async def _begun(order: PartOrder, memories: CallMemories, calendar: Calendar) -> LoneCall:
    brief = lone_brief(order.talk.script, order.name, part=order.part, booked=calendar.booked())
    held: list[LoneCall] = []
    memory = await memories.begin(brief, lambda: held[0].turns if held else ())
    held.append(LoneCall(brief=brief, decider=GraphDecider(), calendar=calendar, memory=memory))
    return held[0]


def told_of(call: LoneCall, said: list[list[str]]) -> dict[str, Any]:
    """What a part came to: its words, the acts of its lines by turn, its state, and what it remembered of before."""
    before = call.memory.before
    return {
        "said": said,
        "acts": [[line.act for line in move.lines] for move in call.said],
        "state": call.driver.state.model_dump(mode="json"),
        "is_over": call.is_over,
        "remembers": before is not None,
        "earlier_turns": [turn.text for turn in before.turns] if before is not None else [],
    }


async def _stop(told: Connection, remembering: Remembering, result: dict[str, Any]) -> None:
    """Nothing more is done but what goes on behind the speech; whoever ordered this kills us."""
    await remembering.behind.written()
    told.send({"done": result})
    await asyncio.sleep(LONG_SECONDS)
