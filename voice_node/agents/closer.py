"""The closer: says goodbye."""

from shared.conversation import closing
from voice_node.agents.turn import Turn


async def closer(turn: Turn) -> Turn:
    """Says goodbye, as ``shared.conversation.closing`` decides."""
    heard, scene = turn["heard"], turn["scene"]
    return {
        "move": closing.decide(heard.state, heard.understood, brief=scene.brief, script=scene.script, now=scene.now)
    }
