"""What LangGraph costs a turn, and that it changes no word."""

import asyncio
import time
from collections.abc import Callable, Sequence

from infra.cli.bench_conversation.rows import Note, at_least, at_most
from infra.cli.bench_conversation.scenario_rows import held_out
from infra.cli.bench_voice.meters import quantile
from infra.cli.evaluate.conversation.play import Cast
from infra.cli.evaluate.conversation.run import Pass, play_all
from infra.cli.evaluate.conversation.scenario import OURS, Scenario, load_scenarios
from infra.cli.rows import Row
from shared.conversation import ConversationState, Move
from voice_node.agents.driver import Decider
from voice_node.agents.graph import GraphDecider, decide_plainly
from voice_node.agents.turn import Scene

MOST_MS = 10.0
TIMES = 3
"""How often each turn is decided each way; the time in the middle counts, for the machine does other things, too."""


class Both:
    """Decides every turn by the graph and without it, and notes how much longer the graph takes, in milliseconds."""

    def __init__(self) -> None:
        self._graph = GraphDecider()
        self.overheads_ms: list[float] = []
        self.different = 0

    async def __call__(self, state: ConversationState, text: str, scene: Scene) -> Move:
        """The decision of the graph."""
        by_graph, graph_ms = await _timed(self._graph, state, text, scene)
        plainly, plain_ms = await _timed(decide_plainly, state, text, scene)
        self.overheads_ms.append(graph_ms - plain_ms)
        self.different += by_graph != plainly
        return by_graph


async def _timed(decider: Decider, state: ConversationState, text: str, scene: Scene) -> tuple[Move, float]:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        move = await decider(state, text, scene)
        took.append(1000 * (time.perf_counter() - began))
    return move, sorted(took)[TIMES // 2]


def graph_rows(tell: Callable[[str], None], note: Note) -> list[Row]:
    """Every scenario with both, and once with each alone."""
    tell("the graph, and the same without it")
    return asyncio.run(_rows(load_scenarios([OURS]), note))


async def _rows(scenarios: Sequence[Scenario], note: Note) -> list[Row]:
    both = Both()
    await _played(scenarios, both)
    with_graph, without = await _played(scenarios, GraphDecider()), await _played(scenarios, decide_plainly)
    others = [
        one.scenario.name
        for one, other in zip(with_graph.played, without.played, strict=True)
        if _words(one.ended) != _words(other.ended)
    ]
    for name in others:
        note(f"graph: {'held out' if name in held_out() else name}: other words without it")
    overhead = quantile(both.overheads_ms, 0.95) if both.overheads_ms else 9e9
    return [
        at_least("graph: turns decided both ways", len(both.overheads_ms), "turns", 1),
        at_most("graph: overhead of a turn, p95", overhead, "ms", MOST_MS),
        at_most("graph: turns decided otherwise without it", both.different, "turns", 0),
        at_most("graph: calls with other words without it", len(others), "calls", 0),
    ]


async def _played(scenarios: Sequence[Scenario], decider: Decider) -> Pass:
    return await play_all(scenarios, Cast(decider=decider))


def _words(call: object) -> object:
    return getattr(call, "happenings", None)
