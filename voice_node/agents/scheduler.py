"""The scheduler: finds and books a time."""

from shared.conversation import scheduling
from voice_node.agents.turn import Turn


async def scheduler(turn: Turn) -> Turn:
    """Finds and books a time, as ``shared.conversation.scheduling`` decides."""
    heard, scene = turn["heard"], turn["scene"]
    return {
        "move": scheduling.decide(heard.state, heard.understood, brief=scene.brief, script=scene.script, now=scene.now)
    }
