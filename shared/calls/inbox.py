"""Where callbacks of the carrier become durable before they are answered. Light to import."""

from enum import StrEnum
from typing import Protocol

from shared.calls.provider_event import ProviderEvent

TOPIC = "status"


class Receipt(StrEnum):
    """What became of a callback."""

    NEW = "new"
    KNOWN = "known"
    UNKNOWN = "unknown"


class CallInbox(Protocol):
    """Keeps callbacks, and sees to it that they are folded."""

    def receive(self, callback: ProviderEvent) -> Receipt:
        """Keep one callback and the message that has it folded: both, or neither. Safe to repeat.

        One that is addressed ``BY_CALL`` goes to the attempt of its call; ``UNKNOWN`` when there is none.
        ``KNOWN`` when it was received before, ``UNKNOWN`` when there is no such attempt; an inbox that cannot tell says
        ``NEW``.

        Raises:
            Unavailable: It could not be kept; the carrier has to send it again.
        """
        ...
