"""What the doors that the carrier opens reach for. Light to import."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from shared.calls.answer import Gate
from shared.calls.inbox import CallInbox
from shared.calls.live import CallControl
from shared.calls.recover import Recovery
from shared.kernel.clock import Clock


class CarrierAccess(Protocol):
    """How a request is known to be the carrier's.

    ``carrier_tokens`` are all that a request may be signed with; ``public_base_url`` is our own address as the carrier
    writes it.
    """

    @property
    def carrier_tokens(self) -> tuple[str, ...]:
        """Every token that is valid now."""
        ...

    @property
    def public_base_url(self) -> str:
        """Scheme, host and stage."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class AnswerDoors:
    """For the answer and for the recovery of a call."""

    carrier_tokens: tuple[str, ...]
    public_base_url: str
    clock: Clock
    gate: Gate
    recovery: Recovery


@dataclass(frozen=True, kw_only=True, eq=False)
class StatusDoor:
    """For callbacks. ``control`` reaches the worker of a live call; without it the fold does that."""

    carrier_tokens: tuple[str, ...]
    public_base_url: str
    clock: Clock
    inbox: CallInbox
    control: Callable[[], CallControl] | None = None
