"""The scripted brain: every line as the script has it."""

from collections.abc import AsyncIterator

from shared.conversation import CallBrief, Move
from shared.conversation.phrasing import say
from shared.conversation.script import script_of


class ScriptedModel:
    """Deterministic wording: the embedded default, the fallback of every model, the reference in tests."""

    async def word(self, brief: CallBrief, move: Move, heard: str) -> AsyncIterator[str]:
        """The move's lines, in order."""
        for text in say(move.lines, state=move.state, brief=brief, script=script_of(brief)):
            yield text
