"""Live calls from outside: reading what is said, telling a call something. May be lost without losing a fact."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class FeedLine(Protocol):
    """One line of the live feed. ``id`` is where to read on; ``at`` is the civil moment.

    ``speaker`` is ``agent``, ``caller`` or ``system``; ``kind`` is ``spoken``, ``interim``, ``final`` or ``event``.
    """

    @property
    def id(self) -> str:
        """Grows along the feed."""
        ...

    @property
    def attempt(self) -> str:
        """The call it is of."""
        ...

    @property
    def speaker(self) -> str:
        """Who spoke."""
        ...

    @property
    def kind(self) -> str:
        """How sure the words are."""
        ...

    @property
    def text(self) -> str:
        """The words."""
        ...

    @property
    def at(self) -> datetime:
        """When they were said."""
        ...


class LiveFeed(Protocol):
    """What is said in live calls, in the order it was said."""

    def after(self, entry_id: str, *, limit: int) -> Sequence[FeedLine]:
        """The oldest lines after ``entry_id`` (``"0-0"`` is the beginning), at once.

        Raises:
            Unavailable: The feed is away.
        """
        ...


class CallControl(Protocol):
    """A way to tell a live call something: ``amd:{verdict}`` is what machine detection says."""

    def send(self, attempt_id: str, command: str) -> None:
        """Leave a command for the worker that holds the call; nobody reads it once the call is over.

        Raises:
            Unavailable: It could not be left.
        """
        ...
