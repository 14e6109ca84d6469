"""Live calls in memory: a feed to write to, and a note of what calls were told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class MemoryFeedLine:
    """One line of the feed."""

    attempt: str
    speaker: str
    kind: str
    text: str
    at: datetime
    id: str = ""


class MemoryLiveFeed:
    """``LiveFeed`` over a list; ``add`` gives each line its id."""

    def __init__(self) -> None:
        self._lines: list[MemoryFeedLine] = []

    def add(self, line: MemoryFeedLine) -> None:
        """Put a line at the end."""
        self._lines.append(replace(line, id=f"{len(self._lines) + 1}-0"))

    def after(self, entry_id: str, *, limit: int) -> Sequence[MemoryFeedLine]:
        return self._lines[int(entry_id.partition("-")[0]) :][:limit]


class MemoryCallControl:
    """``CallControl`` that notes what calls were told: attempt and command."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def send(self, attempt_id: str, command: str) -> None:
        self.told.append((attempt_id, command))
