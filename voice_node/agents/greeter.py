"""The greeter: finds out who answered."""

from shared.conversation import greeting
from voice_node.agents.turn import Turn


async def greeter(turn: Turn) -> Turn:
    """Finds out who answered, as ``shared.conversation.greeting`` decides."""
    heard, scene = turn["heard"], turn["scene"]
    return {
        "move": greeting.decide(heard.state, heard.understood, brief=scene.brief, script=scene.script, now=scene.now)
    }
