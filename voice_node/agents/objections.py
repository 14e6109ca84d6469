"""The objections: meets objections and answers questions."""

from shared.conversation import objections as room
from voice_node.agents.turn import Turn


async def objections(turn: Turn) -> Turn:
    """Meets objections and answers questions, as ``shared.conversation.objections`` decides."""
    heard, scene = turn["heard"], turn["scene"]
    return {"move": room.decide(heard.state, heard.understood, brief=scene.brief, script=scene.script, now=scene.now)}
