"""What the carrier saw and did, in order, for tests and reports."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.kernel.clock import Clock

LONGEST = 500_000


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened. ``at`` is civil time, UTC.

    Kinds: ``request`` (REST), ``status`` (of a call), ``webhook`` (sent by the carrier), ``stream``,
    ``notification`` (an error code the carrier's debugger would show) and ``fault``.
    """

    number: int
    at: datetime
    kind: str
    call_sid: str
    values: dict[str, Any]

    def shown(self) -> dict[str, Any]:
        """The entry as JSON values."""
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "kind": self.kind,
            "call_sid": self.call_sid,
            **self.values,
        }


class Journal:
    """The entries, oldest first; the oldest of more than half a million are dropped."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: deque[Entry] = deque(maxlen=LONGEST)
        self._number = 0

    def note(self, kind: str, call_sid: str = "", **values: Any) -> None:
        """Write one entry down."""
        self._number += 1
        self._entries.append(
            Entry(number=self._number, at=self._clock.now(), kind=kind, call_sid=call_sid, values=values)
        )

    def entries(self, *, kind: str = "", call_sid: str = "", after: int = 0) -> Iterator[Entry]:
        """The entries of that kind and call, numbered above ``after``; blank means any."""
        for entry in list(self._entries):
            if (
                entry.number > after
                and (not kind or entry.kind == kind)
                and (not call_sid or entry.call_sid == call_sid)
            ):
                yield entry
