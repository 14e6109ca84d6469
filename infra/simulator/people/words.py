"""Reading: the caller's words, from the live feed, by call."""

from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Protocol


class SpokenWords(Protocol):
    """An entry of the live feed: something the agent said on a call."""

    @property
    def call_sid(self) -> str:
        """The carrier's id of the call."""
        ...

    @property
    def speaker(self) -> str:
        """``agent``, ``caller`` or ``system``."""
        ...

    @property
    def kind(self) -> str:
        """``spoken``, ``interim``, ``final`` or ``event``."""
        ...

    @property
    def text(self) -> str:
        """The words."""
        ...


class Words:
    """What the agent has said on every call, as the feed tells it."""

    def __init__(self) -> None:
        self._said: defaultdict[str, list[str]] = defaultdict(list)

    async def follow(self, feed: AsyncIterator[SpokenWords]) -> None:
        """Take in the feed until it ends."""
        async for entry in feed:
            if entry.speaker == "agent" and entry.kind == "spoken":
                self._said[entry.call_sid].append(entry.text)

    def since(self, call_sid: str, count: int) -> tuple[str, ...]:
        """What was said on the call after its first ``count`` utterances."""
        return tuple(self._said[call_sid][count:])
