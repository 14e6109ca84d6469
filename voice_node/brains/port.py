"""What words a move."""

from collections.abc import AsyncIterator
from typing import Protocol

from shared.conversation import CallBrief, Move


class Brain(Protocol):
    """Turns what was decided into what is said. It may choose words, never facts."""

    def word(self, brief: CallBrief, move: Move, heard: str) -> AsyncIterator[str]:
        """The move's lines as text to speak, in order, each as soon as it is there.

        ``heard`` is what the caller just said. Never raises for want of a model.
        """
        ...
