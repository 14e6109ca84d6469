"""A conversation that stands still: every turn of the caller answers the same question, however long the call."""

from collections.abc import AsyncIterator
from typing import Any

from shared.conversation import ConversationState, Move
from voice_node.agents.driver import Driver

INTRODUCTION = ("yes this is alex", "in the spring")


class SteadyDriver(Driver):
    """The node's own driver, put back before each turn to where it has asked an open question.

    So every turn costs what the first did, and none of them ends the call.
    """

    _stands: ConversationState | None = None

    async def open(self, early_words: str) -> AsyncIterator[Move]:
        """Nothing more is said after the opening: the caller begins."""
        async for _ in super().open(""):
            pass
        for words in INTRODUCTION:
            async for _ in super().heard(words):
                pass
        self._stands = self.state
        nothing: tuple[Move, ...] = ()
        for move in nothing:
            yield move

    async def foresee(self, text: str) -> Move | None:
        """The answer to what the caller seems to have said."""
        self._stand_back()
        return await super().foresee(text)

    async def heard(self, text: str, foreseen: Move | None = None) -> AsyncIterator[Move]:
        """The answer to what the caller said."""
        self._stand_back()
        async for move in super().heard(text, foreseen):
            yield move

    async def silence(self, times: int) -> AsyncIterator[Move]:
        """Silence is not answered."""
        nothing: tuple[Any, ...] = ()
        for move in nothing:
            yield move

    def _stand_back(self) -> None:
        if self._stands is not None:
            self.state = self._stands
