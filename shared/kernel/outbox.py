"""A message that was written down together with the change it follows from."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class NewMessage:
    """A message to write. ``group`` spreads a queue fairly over its senders."""

    topic: str
    body: dict[str, Any] = field(default_factory=dict)
    group: str | None = None
    available_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OutboxMessage:
    """A message that was leased. ``receives`` counts this lease too."""

    id: str
    topic: str
    group: str | None
    body: dict[str, Any]
    receives: int
    available_at: datetime


@dataclass(frozen=True, kw_only=True)
class DeadMessage:
    """A message that was laid aside for a person to look at."""

    message: OutboxMessage
    dead_at: datetime
    error: str
