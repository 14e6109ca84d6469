"""The conversation as a LangGraph: hear, route, and one node per agent. One pass is one turn."""

from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command

from shared.conversation import AgentName, ConversationState, Move
from shared.conversation.routing import route
from shared.conversation.turn import hear, take_turn
from voice_node.agents.closer import closer
from voice_node.agents.greeter import greeter
from voice_node.agents.objections import objections
from voice_node.agents.qualifier import qualifier
from voice_node.agents.scheduler import scheduler
from voice_node.agents.turn import Scene, Turn

Graph = CompiledStateGraph[Any, Any, Any, Any]

NODES: dict[AgentName, Any] = {
    AgentName.GREETER: greeter,
    AgentName.QUALIFIER: qualifier,
    AgentName.OBJECTIONS: objections,
    AgentName.SCHEDULER: scheduler,
    AgentName.CLOSER: closer,
}
HEAR = "hear"


class GraphDecider:
    """Decides a turn by the graph. Compiled once per process; it keeps nothing between turns.

    A turn is decided more than once where its end was only foreseen: what counts is written down by ``memory``.
    """

    def __init__(self) -> None:
        self._graph = build_graph()

    async def __call__(self, state: ConversationState, text: str, scene: Scene) -> Move:
        """The answer to what the caller just said."""
        turn = await self._graph.ainvoke({"state": state, "text": text, "scene": scene}, output_keys=["move"])
        move: Move = turn["move"]
        return move


async def decide_plainly(state: ConversationState, text: str, scene: Scene) -> Move:
    """The same decision without a graph."""
    return take_turn(state, text, brief=scene.brief, script=scene.script, now=scene.now)


def build_graph(saver: BaseCheckpointSaver[int] | None = None) -> Graph:
    """The graph, with a checkpoint of every turn where there is a ``saver``."""
    graph: StateGraph[Any, Any, Any, Any] = StateGraph(Turn)
    graph.add_node(HEAR, _hear, destinations=(*NODES, END))  # type: ignore[call-overload]
    graph.add_edge(START, HEAR)
    for name, node in NODES.items():
        graph.add_node(name, node)
        graph.add_edge(name, END)
    return graph.compile(checkpointer=saver)


async def _hear(turn: Turn) -> Command[str]:
    """Understand, let the guards decide first, and pass what they leave on to its agent."""
    scene = turn["scene"]
    heard = hear(turn["state"], turn["text"], brief=scene.brief, script=scene.script, now=scene.now)
    if heard.move is not None:
        return Command(update={"move": heard.move}, goto=END)
    return Command(update={"heard": heard}, goto=route(heard.state, heard.understood))
