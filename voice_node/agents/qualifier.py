"""The qualifier: asks the few questions that matter."""

from shared.conversation import qualification
from voice_node.agents.turn import Turn


async def qualifier(turn: Turn) -> Turn:
    """Asks the few questions that matter, as ``shared.conversation.qualification`` decides."""
    heard, scene = turn["heard"], turn["scene"]
    return {
        "move": qualification.decide(
            heard.state, heard.understood, brief=scene.brief, script=scene.script, now=scene.now
        )
    }
